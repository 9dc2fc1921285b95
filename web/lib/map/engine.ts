/** The map without React: one MapLibre map, fed with collections, repainted when the theme changes. */
import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'
import type { FeatureCollection } from 'geojson'
import {
  AttributionControl,
  Map as MapLibreMap,
  Popup,
  ScaleControl,
  type GeoJSONSource,
  type MapGeoJSONFeature,
  type MapMouseEvent,
} from 'maplibre-gl'
import type { Point } from '@/lib/events/generated'
import { markCard } from './card'
import type { Box } from './geo'
import { putImages } from './icons'
import { MAP_PALETTES, type MapScheme } from './palette'
import { EXTRA_LAYER, INCIDENT_LAYER, mapStyle, REGENCY, UNIT_LAYER, type LiveSource } from './style'

type PaintProperty = Parameters<MapLibreMap['setPaintProperty']>[1]

/** Live data reaches the worker at most this often; a burst of positions is drawn as its last state. */
const FEED_EVERY_MS = 200
const MAX_ZOOM = 17
const MIN_ZOOM = 7
/** A finger or a hurried mouse hits within this many pixels. */
const HIT_RADIUS_PX = 8
const FOCUS_ZOOM = 12.5

export interface MapTexts {
  title: string
  /** Stands beside the data's own attribution. */
  attribution: string
  /** Of the button that closes what a mark says. */
  close: string
}

export interface MapActs {
  onPick: (point: Point) => void
  onIncident: (id: string) => void
  onUnit: (id: string) => void
  /** The graphics context was lost; true when it came back. */
  onContext: (alive: boolean) => void
}

export class MapEngine {
  private readonly map: MapLibreMap
  private readonly pending = new Map<LiveSource, FeatureCollection>()
  private readonly popup = new Popup({ maxWidth: '280px', offset: 12 })
  private said: [number, number] = [0, 0]
  private timer: ReturnType<typeof setTimeout> | null = null
  private ready = false

  /** Throws where the browser has no WebGL 2. */
  constructor(container: HTMLElement, private scheme: MapScheme, texts: MapTexts, private readonly acts: MapActs) {
    this.map = new MapLibreMap({
      container,
      style: mapStyle(MAP_PALETTES[scheme]),
      bounds: [REGENCY.west, REGENCY.south, REGENCY.east, REGENCY.north],
      fitBoundsOptions: { padding: 16 },
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      renderWorldCopies: false,
      locale: { 'Map.Title': texts.title, 'Popup.Close': texts.close },
      maxBounds: [112.5, -5, 121, 3.5],
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new AttributionControl({ compact: false, customAttribution: texts.attribution }), 'bottom-right')
    this.map.addControl(new ScaleControl({ maxWidth: 110, unit: 'metric' }), 'bottom-left')
    this.map.on('style.load', () => { this.start() })
    this.map.on('click', (event) => { this.click(event) })
    this.map.on('mousemove', (event) => { this.hover(event) })
    this.map.on('webglcontextlost', () => { acts.onContext(false) })
    this.map.on('webglcontextrestored', () => { acts.onContext(true) })
  }

  feed(source: LiveSource, data: FeatureCollection): void {
    if (source === 'extra') this.hush(data)
    this.pending.set(source, data)
    if (this.ready && this.timer === null) this.timer = setTimeout(() => { this.flush() }, FEED_EVERY_MS)
  }

  repaint(scheme: MapScheme): void {
    if (scheme === this.scheme) return
    this.scheme = scheme
    if (this.ready) this.applyScheme()
  }

  fit(box: Box, paddingPx = 72): void {
    const bounds: [number, number, number, number] = [box.west, box.south, box.east, box.north]
    this.map.fitBounds(bounds, { padding: paddingPx, maxZoom: FOCUS_ZOOM + 1 })
  }

  /** Bring a point into view; what is comfortably in view already is left alone, so that the eye keeps its place. */
  show(point: Point, zoom?: number): void {
    const { x, y } = this.map.project([point.lon, point.lat])
    const { clientWidth, clientHeight } = this.map.getContainer()
    const inside = x > 60 && y > 60 && x < clientWidth - 60 && y < clientHeight - 60
    if (inside && zoom === undefined) return
    this.map.easeTo({ center: [point.lon, point.lat], zoom: zoom ?? Math.max(this.map.getZoom(), 11), duration: 500 })
  }

  zoomBy(step: number): void {
    this.map.zoomTo(this.map.getZoom() + step, { duration: 200 })
  }

  destroy(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.map.remove()
  }

  private start(): void {
    putImages(this.map, this.scheme)
    this.ready = true
    this.applyScheme()
    this.flush()
  }

  private flush(): void {
    this.timer = null
    for (const [name, data] of this.pending) void this.map.getSource<GeoJSONSource>(name)?.setData(data)
    this.pending.clear()
  }

  /** The two styles differ in paint alone, so the layers stay and only their colours change: no flicker, no reload. */
  private applyScheme(): void {
    for (const layer of mapStyle(MAP_PALETTES[this.scheme]).layers) {
      const paint = Object.entries(layer.paint ?? {}) as [PaintProperty, never][]
      for (const [key, value] of paint) this.map.setPaintProperty(layer.id, key, value)
    }
    putImages(this.map, this.scheme)
  }

  private at(event: MapMouseEvent, layer: string): MapGeoJSONFeature | undefined {
    const { x, y } = event.point
    return this.map.queryRenderedFeatures(
      [[x - HIT_RADIUS_PX, y - HIT_RADIUS_PX], [x + HIT_RADIUS_PX, y + HIT_RADIUS_PX]],
      { layers: [layer] },
    )[0]
  }

  private idAt(event: MapMouseEvent, layer: string): string | null {
    const id: unknown = this.at(event, layer)?.properties['id']
    return typeof id === 'string' ? id : null
  }

  /** The module's mark with its own place: a rendered one's coordinates are rounded to the tile's grid. */
  private markAt(event: MapMouseEvent): { at: [number, number]; properties: Readonly<Record<string, unknown>> } | null {
    const found = this.at(event, EXTRA_LAYER)
    const { lon, lat } = found?.properties ?? {}
    return found !== undefined && typeof lon === 'number' && typeof lat === 'number' ? { at: [lon, lat], properties: found.properties } : null
  }

  private click(event: MapMouseEvent): void {
    if (!this.ready) return
    const unit = this.idAt(event, UNIT_LAYER)
    const incident = this.idAt(event, INCIDENT_LAYER)
    const mark = this.markAt(event)
    if (incident !== null) this.acts.onIncident(incident)
    else if (unit !== null) this.acts.onUnit(unit)
    else if (mark !== null) this.say(mark.at, mark.properties)
    else this.acts.onPick({ lat: event.lngLat.lat, lon: event.lngLat.lng })
  }

  /** The link opens beside this screen, which somebody is watching. */
  private say(at: [number, number], properties: Readonly<Record<string, unknown>>): void {
    this.said = at
    this.popup.setLngLat(at).setDOMContent(markCard(properties, true)).addTo(this.map)
  }

  /** What a mark said goes with the mark. */
  private hush({ features }: FeatureCollection): void {
    const [lon, lat] = this.said
    const isThere = features.some(({ geometry: g }) => g.type === 'Point' && g.coordinates[0] === lon && g.coordinates[1] === lat)
    if (!isThere) this.popup.remove()
  }

  private hover(event: MapMouseEvent): void {
    if (!this.ready) return
    const hit = [INCIDENT_LAYER, UNIT_LAYER, EXTRA_LAYER].some((layer) => this.at(event, layer) !== undefined)
    this.map.getCanvas().classList.toggle('siaga-map-hit', hit)
  }
}
