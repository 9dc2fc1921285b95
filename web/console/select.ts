/** Pure readings of the live state that only a desk needs. */
import type { CallState, CallView, UnitView, UserView } from '@/lib/events/generated'
import type { LiveState } from '@/lib/store'

const time = (iso: string): number => Date.parse(iso)

/** The desk at which the user sits as the centre knows it now: somebody else may have taken it meanwhile. */
export function seatOf(user: UserView | null, agents: LiveState['agents']): string | null {
  if (user === null) return null
  const all = Object.values(agents)
  const seated = all.find((agent) => agent.user_id === user.id)
  if (seated !== undefined) return seated.agent
  return all.some((agent) => agent.agent === user.extension) ? null : user.extension
}

/** Handed to somebody outside: the desk is free for the next call, and the caller still talks. */
export const isHandedOn = (call: CallView): boolean =>
  call.transferred_to !== null && call.transferred_to !== call.agent

/** What the desk is busy with: talking first, then a call to be wrapped up, then the one that rings. */
const BUSY_ORDER: readonly CallState[] = ['answered', 'held', 'wrap_up', 'ringing']

export function ownCall(calls: LiveState['calls'], seat: string | null): CallView | null {
  if (seat === null) return null
  const mine = Object.values(calls).filter((call) => call.agent === seat && BUSY_ORDER.includes(call.state))
  mine.sort(
    (a, b) =>
      Number(isHandedOn(a)) - Number(isHandedOn(b)) ||
      BUSY_ORDER.indexOf(a.state) - BUSY_ORDER.indexOf(b.state) || time(b.arrived_at) - time(a.arrived_at),
  )
  return mine[0] ?? null
}

/** The call that rings at the desk, also while an earlier one is still being wrapped up. */
export const ringingAt = (calls: LiveState['calls'], seat: string | null): CallView | null =>
  Object.values(calls).find((call) => seat !== null && call.agent === seat && call.state === 'ringing') ?? null

/** Units on duty by agency; those off duty come last within it when `everyone`. */
export function byAgency(units: readonly UnitView[], everyone: boolean): [string, UnitView[]][] {
  const shown = units.filter((unit) => everyone || unit.state !== 'off_duty')
  const groups = new Map<string, UnitView[]>()
  for (const unit of shown) groups.set(unit.agency, [...(groups.get(unit.agency) ?? []), unit])
  return [...groups.entries()].sort(([a], [b]) => a.localeCompare(b))
}
