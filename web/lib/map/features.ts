/** Pure: incidents and units as the GeoJSON that the map's live layers draw. */
import type { FeatureCollection, LineString, Point as GeoPoint, Polygon, Position } from 'geojson'
import type {
  AssignmentState,
  AssignmentView,
  IncidentView,
  Point,
  Priority,
  UnitPosition,
  UnitView,
} from '@/lib/events/generated'
import { circleAround } from './geo'
import { glyphOf, type UnitGlyph } from './glyphs'
import type { UnitStanding } from './palette'

/** A position older than this is drawn faded: the unit may be anywhere by now. */
export const STALE_AFTER_MS = 120_000
/** Below this speed a GPS heading is noise. */
const HEADING_FROM_KMH = 4

/** A place that is being picked, with the radius in which the truth is expected. */
export interface DraftPoint {
  point: Point
  accuracyM: number | null
}

export interface IncidentProperties {
  id: string
  icon: string
  /** The count of the number, enough on a map of one centre's open incidents: '2026-000123' → '123'. */
  label: string
  priority: Priority
  /** Higher is drawn on top. */
  order: number
  selected: boolean
}

export interface UnitProperties {
  id: string
  icon: string
  callsign: string
  standing: UnitStanding
  heading: number
  moving: boolean
  stale: boolean
  selected: boolean
}

export interface LineProperties {
  priority: Priority
  selected: boolean
}

/** A mark of a module's layer. */
export interface ExtraFeature {
  type: 'Feature'
  geometry: { type: 'Point'; coordinates: [number, number] }
  properties: { title: string; text: string; link: string | null; tone: 'plain' | 'good' | 'warn' | 'bad' }
}

/** Marks of layers with the picture of their tone: a shape besides the colour. */
export function extraFeatures(features: readonly ExtraFeature[]): FeatureCollection<GeoPoint> {
  return {
    type: 'FeatureCollection',
    features: features.map(({ geometry, properties }) => ({
      type: 'Feature',
      geometry,
      properties: {
        title: properties.title,
        text: properties.text,
        link: properties.link,
        icon: `extra-${properties.tone}`,
        lon: geometry.coordinates[0],
        lat: geometry.coordinates[1],
      },
    })),
  }
}

const position = ({ lat, lon }: Point): Position => [lon, lat]

/** '2026-000123' → '123'. */
export function shortNumber(number: string): string {
  const count = number.split('-').at(-1) ?? number
  return count.replace(/^0+(?=\d)/, '')
}

export function incidentIcon(priority: Priority): string {
  return `incident-${priority}`
}

export function unitIcon(glyph: UnitGlyph, standing: UnitStanding): string {
  return `unit-${glyph}-${standing}`
}

export function incidentFeatures(
  incidents: readonly IncidentView[],
  selectedId: string | null,
): FeatureCollection<GeoPoint, IncidentProperties> {
  const features = incidents.flatMap((incident) => {
    const { point } = incident.place
    if (!point) return []
    const properties: IncidentProperties = {
      id: incident.id,
      icon: incidentIcon(incident.priority),
      label: shortNumber(incident.number),
      priority: incident.priority,
      order: 10 - Number(incident.priority.slice(1)) + (incident.id === selectedId ? 10 : 0),
      selected: incident.id === selectedId,
    }
    return [{ type: 'Feature' as const, properties, geometry: { type: 'Point' as const, coordinates: position(point) } }]
  })
  return { type: 'FeatureCollection', features }
}

const STANDING_BY_ASSIGNMENT: Partial<Record<AssignmentState, UnitStanding>> = {
  offered: 'offered',
  on_scene: 'on_scene',
  transporting: 'carrying',
  at_facility: 'carrying',
}

/** What the ring round a unit says. `assignment` is the state of its active assignment where the face knows it. */
export function standingOf(unit: UnitView, assignment: AssignmentState | null): UnitStanding {
  if (unit.state !== 'committed') return unit.state
  return (assignment && STANDING_BY_ASSIGNMENT[assignment]) ?? 'moving'
}

/** What the live store knows of units beside their views; see LiveState. */
export interface LiveParts {
  positions: Readonly<Record<string, UnitPosition>>
  assignments: Readonly<Record<string, AssignmentView>>
}

export function positionOf(unit: UnitView, live: LiveParts): UnitPosition | null {
  return live.positions[unit.id] ?? unit.position
}

/** `nowMs`: the centre's clock, so that a desk with a wrong one does not see all units faded. */
export function unitFeatures(
  units: readonly UnitView[],
  live: LiveParts,
  selectedId: string | null,
  nowMs: number,
): FeatureCollection<GeoPoint, UnitProperties> {
  const features = units.flatMap((unit) => {
    const seen = positionOf(unit, live)
    if (!seen) return []
    const assignment = unit.assignment_id === null ? undefined : live.assignments[unit.assignment_id]
    const standing = standingOf(unit, assignment?.state ?? null)
    const properties: UnitProperties = {
      id: unit.id,
      icon: unitIcon(glyphOf(unit), standing),
      callsign: unit.callsign,
      standing,
      heading: seen.heading ?? 0,
      moving: seen.heading !== null && (seen.speed_kmh ?? 0) >= HEADING_FROM_KMH,
      stale: nowMs - Date.parse(seen.at) > STALE_AFTER_MS,
      selected: unit.id === selectedId,
    }
    return [
      { type: 'Feature' as const, properties, geometry: { type: 'Point' as const, coordinates: position(seen.point) } },
    ]
  })
  return { type: 'FeatureCollection', features }
}

/** A line from each committed unit to its incident. */
export function assignmentLines(
  units: readonly UnitView[],
  incidents: readonly IncidentView[],
  live: LiveParts,
  selectedIncidentId: string | null,
): FeatureCollection<LineString, LineProperties> {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]))
  const features = units.flatMap((unit) => {
    const incident = unit.incident_id === null ? undefined : byId.get(unit.incident_id)
    const seen = positionOf(unit, live)
    if (!incident?.place.point || !seen) return []
    const coordinates = [position(seen.point), position(incident.place.point)]
    const properties: LineProperties = { priority: incident.priority, selected: incident.id === selectedIncidentId }
    return [{ type: 'Feature' as const, properties, geometry: { type: 'LineString' as const, coordinates } }]
  })
  return { type: 'FeatureCollection', features }
}

export function draftFeatures(draft: DraftPoint | null): FeatureCollection<GeoPoint | Polygon> {
  if (!draft) return { type: 'FeatureCollection', features: [] }
  const pin = {
    type: 'Feature' as const,
    properties: {},
    geometry: { type: 'Point' as const, coordinates: position(draft.point) },
  }
  const circle = draft.accuracyM === null ? [] : [circleAround(draft.point, draft.accuracyM)]
  return { type: 'FeatureCollection', features: [...circle, pin] }
}
