/** What the offer and the job show of where the incident lies. */
import type { AssignmentView, IncidentView, Point, UnitView } from '@/lib/events/generated'
import { distanceM } from '@/lib/map/geo'
import type { Track } from './tracker'

export interface JobProps {
  unit: UnitView
  assignment: AssignmentView
  incident: IncidentView
  track: Track
  /** In the screen's language. */
  typeName: string
}

/** Metres as the crow flies from the phone, or else from the unit's last known place; null when either is unknown. */
export function distanceToIncident({ unit, incident, track }: JobProps): number | null {
  const here: Point | null = track.last ?? unit.position?.point ?? null
  return here && incident.place.point ? distanceM(here, incident.place.point) : null
}

/** '850 m', '3,4 km', '12 km': no more digits than the straight line deserves. */
export function distanceText(metres: number, language: string): string {
  if (metres < 1000) return `${Math.max(10, Math.round(metres / 10) * 10)} m`
  const digits = metres < 10_000 ? 1 : 0
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(metres / 1000)} km`
}

/** Opens the phone's own navigation app at the place. */
export function navigationLink({ lat, lon }: Point, label: string): string {
  return `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(label)})`
}
