/** Pure: position fixes that wait to be sent. While the network is away only the newest count. */
import type { PositionFix } from '@/lib/api'

/** Five minutes at one fix a five seconds; an older one tells the centre nothing. */
export const MOST_FIXES = 60
/** Between two batches, in ms: while on a job, and while waiting for one. */
export const SEND_EVERY_MS = { working: 5_000, waiting: 15_000 } as const

const KMH_PER_MPS = 3.6

/** The part of GeolocationPosition that is used. */
export interface Sensed {
  timestamp: number
  coords: { latitude: number; longitude: number; accuracy: number; speed: number | null; heading: number | null }
}

/** A fix in the API's units: metres, km/h, degrees clockwise from north; what the phone does not know is left out. */
export function fixOf({ timestamp, coords }: Sensed): PositionFix {
  const fix: PositionFix = {
    lat: coords.latitude,
    lon: coords.longitude,
    at: new Date(timestamp).toISOString(),
    accuracy_m: Math.round(coords.accuracy),
  }
  if (coords.speed !== null && Number.isFinite(coords.speed)) fix.speed_kmh = Math.round(coords.speed * KMH_PER_MPS * 10) / 10
  if (coords.heading !== null && Number.isFinite(coords.heading)) fix.heading = Math.round(coords.heading)
  return fix
}

export function addFix(fixes: readonly PositionFix[], fix: PositionFix): readonly PositionFix[] {
  return [...fixes, fix].slice(-MOST_FIXES)
}
