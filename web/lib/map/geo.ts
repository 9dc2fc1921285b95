/** Small geometry on the sphere, good to a metre over the few kilometres that a map of one regency needs. */
import type { Feature, Polygon, Position } from 'geojson'
import type { Point } from '@/lib/events/generated'

/** Mean radius of the Earth in metres (IUGG R1). */
const EARTH_RADIUS_M = 6_371_008.8
const CIRCLE_CORNERS = 72

const radians = (degrees: number): number => (degrees * Math.PI) / 180
const degrees = (rad: number): number => (rad * 180) / Math.PI

/** Great-circle distance in metres (haversine). */
export function distanceM(a: Point, b: Point): number {
  const dLat = radians(b.lat - a.lat)
  const dLon = radians(b.lon - a.lon)
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** A circle of `radiusM` metres round a point, as a polygon. */
export function circleAround(centre: Point, radiusM: number): Feature<Polygon> {
  const latStep = degrees(radiusM / EARTH_RADIUS_M)
  const lonStep = latStep / Math.cos(radians(centre.lat))
  const ring: Position[] = []
  for (let i = 0; i <= CIRCLE_CORNERS; i++) {
    const angle = (2 * Math.PI * (i % CIRCLE_CORNERS)) / CIRCLE_CORNERS
    ring.push([centre.lon + lonStep * Math.cos(angle), centre.lat + latStep * Math.sin(angle)])
  }
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

/** The smallest box round the points; null when there is none. */
export function boxAround(points: readonly Point[]): Box | null {
  const [first, ...rest] = points
  if (!first) return null
  const box = { west: first.lon, south: first.lat, east: first.lon, north: first.lat }
  for (const { lat, lon } of rest) {
    box.west = Math.min(box.west, lon)
    box.east = Math.max(box.east, lon)
    box.south = Math.min(box.south, lat)
    box.north = Math.max(box.north, lat)
  }
  return box
}
