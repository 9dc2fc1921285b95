/** The MapLibre style: ground from basemap.json, then empty live sources that LiveMap fills. No URL in it: it needs no network. */
import type { FeatureCollection } from 'geojson'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Priority } from '@/lib/events/generated'
import basemap from './data/basemap.json'
import type { Box } from './geo'
import type { MapPalette } from './palette'

/** The regency with its coast, as first seen. */
export const REGENCY: Box = { west: 116.33, south: -1.63, east: 116.96, north: -0.76 }

/** The land file's clip: past it we know nothing, and the map says so by fading out. */
const KNOWN: Box = { west: 116.15, south: -1.8, east: 117.15, north: -0.7 }
const FADE_STEPS = 14
const FADE_WIDTH_DEG = 0.055

/** MapLibre reads the weight out of the first name; the page's own font follows. No glyph server is asked. */
const FONT = ['Inter Variable Medium', 'Inter Variable', 'sans-serif']
export const FONT_BOLD = ['Inter Variable Bold', 'Inter Variable', 'sans-serif']

/** Names of the sources that LiveMap feeds. */
export const LIVE_SOURCES = ['extra', 'lines', 'draft', 'incidents', 'units'] as const
export type LiveSource = (typeof LIVE_SOURCES)[number]

/** Layers whose features answer to a click, topmost first. */
export const UNIT_LAYER = 'units'
export const EXTRA_LAYER = 'extra'
export const INCIDENT_LAYER = 'incidents'

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** Frames that grow denser towards the edge of what we know. */
function fadeFrames(): FeatureCollection {
  const world = [[90, -40], [140, -40], [140, 40], [90, 40], [90, -40]]
  const features = Array.from({ length: FADE_STEPS }, (_, step) => {
    const inset = (FADE_WIDTH_DEG * step) / FADE_STEPS
    const [w, s, e, n] = [KNOWN.west + inset, KNOWN.south + inset, KNOWN.east - inset, KNOWN.north - inset]
    const hole = [[w, s], [w, n], [e, n], [e, s], [w, s]]
    return {
      type: 'Feature' as const,
      properties: { opacity: step === 0 ? 1 : 0.24 },
      geometry: { type: 'Polygon' as const, coordinates: [world, hole] },
    }
  })
  return { type: 'FeatureCollection', features }
}

const geojson = (data: unknown): { type: 'geojson'; data: FeatureCollection } => ({
  type: 'geojson',
  data: data as FeatureCollection, // basemap.json is typed by its literal shape, wider than GeoJSON's tuples
})

function sources(): StyleSpecification['sources'] {
  const live = Object.fromEntries(LIVE_SOURCES.map((name) => [name, geojson(EMPTY)]))
  return {
    land: { ...geojson(basemap.land), attribution: basemap.attribution },
    regency: geojson(basemap.regency),
    kecamatan: geojson(basemap.kecamatan),
    villages: geojson(basemap.villages),
    'kecamatan-labels': geojson(basemap.kecamatan_labels),
    'village-labels': geojson(basemap.village_labels),
    landmarks: geojson(basemap.landmarks),
    islands: geojson(basemap.islands),
    'km-posts': geojson(basemap.km_posts),
    fade: geojson(fadeFrames()),
    ...live,
  }
}

function ground(p: MapPalette): LayerSpecification[] {
  const [a, b, c, d] = p.kecamatanTints
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': p.sea } },
    {
      id: 'shallows',
      type: 'line',
      source: 'land',
      paint: {
        'line-color': p.shallows,
        'line-width': ['interpolate', ['exponential', 2], ['zoom'], 7, 6, 14, 60],
        'line-blur': ['interpolate', ['exponential', 2], ['zoom'], 7, 6, 14, 50],
        'line-opacity': 0.75,
      },
    },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': p.landBeyond } },
    {
      id: 'kecamatan',
      type: 'fill',
      source: 'kecamatan',
      paint: { 'fill-color': ['match', ['get', 'tint'], 0, a, 1, b, 2, c, d] },
    },
    {
      id: 'villages',
      type: 'line',
      source: 'villages',
      paint: {
        'line-color': p.villageLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.4, 12, 1],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 8, 0.35, 10, 0.8],
        'line-dasharray': [3, 2],
      },
    },
    {
      id: 'kecamatan-lines',
      type: 'line',
      source: 'kecamatan',
      paint: { 'line-color': p.kecamatanLine, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 13, 1.6] },
    },
    {
      id: 'coast',
      type: 'line',
      source: 'land',
      paint: { 'line-color': p.coast, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 13, 1.4] },
    },
    {
      id: 'regency',
      type: 'line',
      source: 'regency',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': p.regencyLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.2, 13, 2.2],
        'line-dasharray': [4, 1.5],
      },
    },
    {
      id: 'fade',
      type: 'fill',
      source: 'fade',
      paint: { 'fill-color': p.unknown, 'fill-opacity': ['get', 'opacity'], 'fill-antialias': false },
    },
  ]
}

function labels(p: MapPalette): LayerSpecification[] {
  const halo = { 'text-halo-color': p.halo, 'text-halo-width': 1.6, 'text-halo-blur': 0.4 }
  return [
    {
      id: 'landmark-dots',
      type: 'circle',
      source: 'landmarks',
      minzoom: 10.6,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10.6, 1.6, 14, 3.6],
        'circle-color': p.landmark,
        'circle-stroke-color': p.halo,
        'circle-stroke-width': 1.2,
      },
    },
    {
      id: 'landmark-labels',
      type: 'symbol',
      source: 'landmarks',
      minzoom: 11.6,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.7,
        'text-justify': 'auto',
        'text-max-width': 9,
        'text-optional': true,
      },
      paint: { 'text-color': p.landmark, ...halo },
    },
    {
      id: 'islands',
      type: 'symbol',
      source: 'islands',
      minzoom: 12,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 10.5, 'text-max-width': 6 },
      paint: { 'text-color': p.labelMuted, ...halo },
    },
    {
      id: 'km-posts',
      type: 'symbol',
      source: 'km-posts',
      minzoom: 10.4,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT_BOLD, 'text-size': 10.5, 'text-offset': [0, 1.1] },
      paint: { 'text-color': p.kmPost, ...halo },
    },
    {
      id: 'village-labels',
      type: 'symbol',
      source: 'village-labels',
      minzoom: 9.1,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 9, 10, 13, 14],
        'text-max-width': 7,
        'text-padding': 5,
        'symbol-sort-key': ['case', ['get', 'town'], 0, 1],
      },
      paint: { 'text-color': ['case', ['get', 'town'], p.label, p.labelMuted], ...halo },
    },
    {
      id: 'kecamatan-labels',
      type: 'symbol',
      source: 'kecamatan-labels',
      maxzoom: 12,
      layout: {
        'text-field': ['upcase', ['get', 'name']],
        'text-font': FONT_BOLD,
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, 11, 11, 17],
        'text-letter-spacing': 0.22,
      },
      paint: {
        'text-color': p.kecamatanLabel,
        'text-opacity': ['interpolate', ['linear'], ['zoom'], 11, 1, 12, 0],
        ...halo,
      },
    },
  ]
}

function byPriority(p: MapPalette): ExpressionSpecification {
  const { P1, P2, P3, P4, P5 } = p.priority satisfies Record<Priority, string>
  return ['match', ['get', 'priority'], 'P1', P1, 'P2', P2, 'P3', P3, 'P4', P4, P5]
}

function byStanding(p: MapPalette): ExpressionSpecification {
  const s = p.standing
  return [
    'match',
    ['get', 'standing'],
    'available', s.available,
    'offered', s.offered,
    'moving', s.moving,
    'on_scene', s.on_scene,
    'carrying', s.carrying,
    'out_of_service', s.out_of_service,
    s.off_duty,
  ]
}

const STALE_OPACITY: ExpressionSpecification = ['case', ['get', 'stale'], 0.4, 1]
const UNIT_ICON_SIZE: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 8, 0.7, 10, 0.85, 14, 1.1]

function live(p: MapPalette): LayerSpecification[] {
  const strongHalo = { 'text-halo-color': p.halo, 'text-halo-width': 2, 'text-halo-blur': 0.2 }
  return [
    {
      id: EXTRA_LAYER,
      type: 'symbol',
      source: 'extra',
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-allow-overlap': true,
        'text-field': ['step', ['zoom'], '', 10.5, ['get', 'title']],
        'text-font': FONT,
        'text-size': 11,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.9,
        'text-optional': true,
      },
      paint: { 'text-color': p.labelMuted, ...strongHalo },
    },
    {
      id: 'lines',
      type: 'line',
      source: 'lines',
      layout: { 'line-cap': 'round' },
      paint: {
        'line-color': byPriority(p),
        'line-width': ['case', ['get', 'selected'], 2.6, 1.6],
        'line-opacity': ['case', ['get', 'selected'], 0.95, 0.6],
        'line-dasharray': [1.5, 2],
      },
    },
    {
      id: 'draft-area',
      type: 'fill',
      source: 'draft',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': p.draft, 'fill-opacity': 0.16 },
    },
    {
      id: 'draft-edge',
      type: 'line',
      source: 'draft',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'line-color': p.draft, 'line-width': 1.6, 'line-dasharray': [2, 1.5] },
    },
    {
      id: 'incident-glow',
      type: 'circle',
      source: 'incidents',
      paint: {
        'circle-radius': ['case', ['get', 'selected'], 24, 19],
        'circle-color': byPriority(p),
        'circle-opacity': ['case', ['get', 'selected'], 0.34, 0.16],
        'circle-stroke-color': p.selection,
        'circle-stroke-width': ['case', ['get', 'selected'], 2, 0],
      },
    },
    {
      id: 'unit-selection',
      type: 'circle',
      source: 'units',
      filter: ['get', 'selected'],
      paint: {
        'circle-radius': 20,
        'circle-color': p.selection,
        'circle-opacity': 0.14,
        'circle-stroke-color': p.selection,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'unit-headings',
      type: 'symbol',
      source: 'units',
      filter: ['get', 'moving'],
      layout: {
        'icon-image': 'heading',
        'icon-size': UNIT_ICON_SIZE,
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-opacity': STALE_OPACITY },
    },
    {
      id: UNIT_LAYER,
      type: 'symbol',
      source: 'units',
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-size': UNIT_ICON_SIZE,
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['step', ['zoom'], ['case', ['get', 'selected'], ['get', 'callsign'], ''], 9.6, ['get', 'callsign']],
        'text-font': FONT_BOLD,
        'text-size': 11,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.55,
        'text-optional': true,
        'symbol-sort-key': ['case', ['==', ['get', 'standing'], 'available'], 1, 2],
      },
      paint: {
        'icon-opacity': STALE_OPACITY,
        'text-opacity': STALE_OPACITY,
        'text-color': byStanding(p),
        ...strongHalo,
      },
    },
    {
      id: INCIDENT_LAYER,
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.75, 11, 0.95, 14, 1.15],
        'icon-allow-overlap': true,
        'text-field': ['concat', '#', ['get', 'label']],
        'text-font': FONT_BOLD,
        'text-size': 12,
        'text-variable-anchor': ['bottom', 'top', 'right', 'left'],
        'text-radial-offset': 1.5,
        'text-optional': true,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: { 'text-color': p.label, ...strongHalo },
    },
    {
      id: 'draft-pin',
      type: 'symbol',
      source: 'draft',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'icon-image': 'draft-pin', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  ]
}

export function mapStyle(palette: MapPalette): StyleSpecification {
  return {
    version: 8,
    name: 'Siaga 112',
    sources: sources(),
    layers: [...ground(palette), ...labels(palette), ...live(palette)],
    transition: { duration: 200, delay: 0 },
  }
}
