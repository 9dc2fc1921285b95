/** A public map: our own ground, the places of one layer or one point on it, words on a tap. All that MapLibre needs is here. */
import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'
import type { Feature, FeatureCollection, Point as GeoPoint } from 'geojson'
import {
  AttributionControl,
  LngLatBounds,
  Map as MapLibreMap,
  NavigationControl,
  Popup,
  type GeoJSONSource,
  type MapGeoJSONFeature,
  type MapMouseEvent,
} from 'maplibre-gl'
import { markCard } from '@/lib/map/card'
import { MAP_PALETTES } from '@/lib/map/palette'
import { mapStyle, REGENCY } from '@/lib/map/style'
import type { Scheme } from '@/lib/ui/tokens'
import { putMarks } from './marks'
import { placeLayers } from './placeLayers'
import type { Theme } from './theme'

type PaintProperty = Parameters<MapLibreMap['setPaintProperty']>[1]
type Words = Readonly<Record<string, string>>

/** A finger hits within this many pixels. */
const HIT_RADIUS_PX = 12
const CLOSE_ZOOM = 13
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }

export function drawMap(holder: HTMLElement, theme: Theme): void {
  const words = JSON.parse(holder.dataset['texts'] ?? '{}') as Words
  const canvas = document.createElement('div')
  canvas.className = 'map-canvas'
  holder.append(canvas)
  holder.classList.add('drawn') // first, since MapLibre measures its place
  try {
    new PublicMap(holder, canvas, words, theme)
  } catch {
    holder.classList.remove('drawn')
    canvas.remove() // no WebGL 2: the note and the page's own list stay
  }
}

class PublicMap {
  private readonly map: MapLibreMap
  private readonly popup = new Popup({ maxWidth: '280px', offset: 14 })
  private shown: Scheme

  constructor(private readonly holder: HTMLElement, canvas: HTMLElement, private readonly words: Words, theme: Theme) {
    this.shown = theme.scheme()
    const say = (name: string): string => words[name] ?? ''
    this.map = new MapLibreMap({
      container: canvas,
      style: mapStyle(MAP_PALETTES[this.shown]),
      bounds: [REGENCY.west, REGENCY.south, REGENCY.east, REGENCY.north],
      fitBoundsOptions: { padding: 12 },
      minZoom: 7,
      maxZoom: 17,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      renderWorldCopies: false,
      cooperativeGestures: true,
      maxBounds: [112.5, -5, 121, 3.5],
      locale: {
        'Map.Title': say('title'),
        'NavigationControl.ZoomIn': say('zoomIn'),
        'NavigationControl.ZoomOut': say('zoomOut'),
        'Popup.Close': say('close'),
        'CooperativeGesturesHandler.WindowsHelpText': say('wheel'),
        'CooperativeGesturesHandler.MacHelpText': say('wheelMac'),
        'CooperativeGesturesHandler.MobileHelpText': say('fingers'),
      },
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    this.map.addControl(new AttributionControl({ compact: true, customAttribution: say('approximate') }), 'bottom-right')
    void this.map.once('style.load', () => { this.start() })
    this.map.on('click', (event) => { this.click(event) })
    this.map.on('mousemove', (event) => {
      this.map.getCanvas().style.cursor = this.hit(event) === undefined ? '' : 'pointer'
    })
    theme.onScheme((next) => { this.repaint(next) })
  }

  private start(): void {
    putMarks(this.map, this.shown)
    this.map.addSource('places', { type: 'geojson', data: EMPTY, cluster: true, clusterRadius: 36, clusterMaxZoom: 12 })
    this.map.addSource('point', { type: 'geojson', data: EMPTY })
    for (const layer of placeLayers(MAP_PALETTES[this.shown])) this.map.addLayer(layer)
    const { layer } = this.holder.dataset
    this.showPoint()
    if (layer !== undefined) void this.load(layer)
  }

  /** The layer's places; a failure is said in words over the map. */
  private async load(address: string): Promise<void> {
    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' } })
      if (!answer.ok) throw new Error(String(answer.status))
      const data = (await answer.json()) as FeatureCollection<GeoPoint>
      void this.map.getSource<GeoJSONSource>('places')?.setData(data)
      if (this.holder.dataset['point'] === undefined) this.fit(data.features)
    } catch {
      const note = document.createElement('p')
      note.className = 'map-fault'
      note.setAttribute('role', 'status')
      note.textContent = this.words['failed'] ?? ''
      this.holder.append(note)
    }
  }

  private showPoint(): void {
    const [lat, lon] = (this.holder.dataset['point'] ?? '').split(',').map(Number)
    if (lat === undefined || lon === undefined || Number.isNaN(lat) || Number.isNaN(lon)) return
    const point: Feature = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lon, lat] } }
    void this.map.getSource<GeoJSONSource>('point')?.setData(point)
    this.map.jumpTo({ center: [lon, lat], zoom: CLOSE_ZOOM })
  }

  private fit(features: readonly Feature<GeoPoint>[]): void {
    const bounds = new LngLatBounds()
    for (const { geometry } of features) bounds.extend([geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0])
    const padding = { top: 40, left: 40, right: 64, bottom: 72 } // beside the buttons, above the attribution
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding, maxZoom: CLOSE_ZOOM, animate: false })
  }

  private hit({ point: { x, y } }: MapMouseEvent): MapGeoJSONFeature | undefined {
    if (this.map.getLayer('place-marks') === undefined) return undefined
    const box: [[number, number], [number, number]] = [
      [x - HIT_RADIUS_PX, y - HIT_RADIUS_PX],
      [x + HIT_RADIUS_PX, y + HIT_RADIUS_PX],
    ]
    return this.map.queryRenderedFeatures(box, { layers: ['place-marks', 'place-clusters'] })[0]
  }

  private click(event: MapMouseEvent): void {
    const found = this.hit(event)
    if (found === undefined || found.geometry.type !== 'Point') return
    const [lon = 0, lat = 0] = found.geometry.coordinates
    const cluster: unknown = found.properties['cluster_id']
    if (typeof cluster === 'number') {
      void this.map
        .getSource<GeoJSONSource>('places')
        ?.getClusterExpansionZoom(cluster)
        .then((zoom) => { this.map.easeTo({ center: [lon, lat], zoom }) })
      return
    }
    this.popup.setLngLat([lon, lat]).setDOMContent(markCard(found.properties)).addTo(this.map)
  }

  /** The styles differ in paint alone, so the layers stay and only their colours change. */
  private repaint(next: Scheme): void {
    if (next === this.shown) return
    this.shown = next
    const palette = MAP_PALETTES[next]
    for (const layer of [...mapStyle(palette).layers, ...placeLayers(palette)]) {
      if (this.map.getLayer(layer.id) === undefined) continue
      const paint = Object.entries(layer.paint ?? {}) as [PaintProperty, never][]
      for (const [key, value] of paint) this.map.setPaintProperty(layer.id, key, value)
    }
    putMarks(this.map, next)
  }
}
