/** Pure: the numbers of the centre's present state. */
import type { IncidentView, Priority, UnitView } from '@/lib/events/generated'

export const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

export function byPriority(incidents: readonly IncidentView[]): Readonly<Record<Priority, number>> {
  const counts = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0 }
  for (const { priority } of incidents) counts[priority] += 1
  return counts
}

export interface UnitTally {
  available: number
  committed: number
  /** Out of service: on duty, but cannot be sent. */
  out: number
  off: number
}

const FIELD = {
  available: 'available',
  committed: 'committed',
  out_of_service: 'out',
  off_duty: 'off',
} as const satisfies Record<UnitView['state'], keyof UnitTally>

/** Units by agency, in alphabetical order, and of all agencies together. */
export function unitsByAgency(units: readonly UnitView[]): { all: UnitTally; agencies: [string, UnitTally][] } {
  const fresh = (): UnitTally => ({ available: 0, committed: 0, out: 0, off: 0 })
  const all = fresh()
  const agencies = new Map<string, UnitTally>()
  for (const unit of units) {
    const own = agencies.get(unit.agency) ?? fresh()
    agencies.set(unit.agency, own)
    own[FIELD[unit.state]] += 1
    all[FIELD[unit.state]] += 1
  }
  return { all, agencies: [...agencies].sort(([a], [b]) => a.localeCompare(b)) }
}
