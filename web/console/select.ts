/** Pure readings of the live state, in the order in which a desk works. */
import type {
  AgentView,
  AlarmView,
  AssignmentView,
  CallState,
  CallView,
  IncidentView,
  UnitView,
  UserView,
} from '@/lib/events/generated'
import type { LiveState } from '@/lib/store'

const time = (iso: string | null): number => (iso === null ? 0 : Date.parse(iso))

const WAITING: ReadonlySet<CallState> = new Set<CallState>(['arrived', 'in_ivr', 'queued', 'ringing'])
const LOST: ReadonlySet<CallState> = new Set<CallState>(['abandoned', 'ivr_dropped'])

/** Calls that nobody has answered, the longest waiting first. */
export const waitingCalls = (state: LiveState): CallView[] =>
  Object.values(state.calls)
    .filter((call) => WAITING.has(call.state))
    .sort((a, b) => time(a.arrived_at) - time(b.arrived_at))

/** Calls that ended before an answer and were not yet called back or closed, the newest first. */
export const lostCalls = (state: LiveState): CallView[] =>
  Object.values(state.calls)
    .filter((call) => LOST.has(call.state))
    .sort((a, b) => time(b.arrived_at) - time(a.arrived_at))

/** The desk at which the user sits as the centre knows it now: somebody else may have taken it meanwhile. */
export function seatOf(user: UserView | null, agents: LiveState['agents']): string | null {
  if (user === null) return null
  const all = Object.values(agents)
  const seated = all.find((agent) => agent.user_id === user.id)
  if (seated !== undefined) return seated.agent
  return all.some((agent) => agent.agent === user.extension) ? null : user.extension
}

/** What the desk is busy with: talking first, then a call to be wrapped up, then the one that rings. */
const BUSY_ORDER: readonly CallState[] = ['answered', 'held', 'wrap_up', 'ringing']

export function ownCall(calls: LiveState['calls'], seat: string | null): CallView | null {
  if (seat === null) return null
  const mine = Object.values(calls).filter((call) => call.agent === seat && BUSY_ORDER.includes(call.state))
  mine.sort(
    (a, b) =>
      BUSY_ORDER.indexOf(a.state) - BUSY_ORDER.indexOf(b.state) || time(b.arrived_at) - time(a.arrived_at),
  )
  return mine[0] ?? null
}

/** The call that rings at the desk, also while an earlier one is still being wrapped up. */
export const ringingAt = (calls: LiveState['calls'], seat: string | null): CallView | null =>
  Object.values(calls).find((call) => seat !== null && call.agent === seat && call.state === 'ringing') ?? null

/** Open incidents by priority, then the oldest first. */
export const openIncidents = (state: LiveState): IncidentView[] =>
  Object.values(state.incidents).sort(
    (a, b) => a.priority.localeCompare(b.priority) || time(a.opened_at) - time(b.opened_at),
  )

/** Alarms of the highest level first, then the oldest. */
export const openAlarms = (state: LiveState): AlarmView[] =>
  Object.values(state.alarms).sort((a, b) => b.level - a.level || time(a.raised_at) - time(b.raised_at))

export const allUnits = (state: LiveState): UnitView[] =>
  Object.values(state.units).sort((a, b) => a.callsign.localeCompare(b.callsign, 'id', { numeric: true }))

export const allAgents = (state: LiveState): AgentView[] =>
  Object.values(state.agents).sort((a, b) => a.agent.localeCompare(b.agent, 'id', { numeric: true }))

/** Units on duty by agency; those off duty come last within it when `everyone`. */
export function byAgency(units: readonly UnitView[], everyone: boolean): [string, UnitView[]][] {
  const shown = units.filter((unit) => everyone || unit.state !== 'off_duty')
  const groups = new Map<string, UnitView[]>()
  for (const unit of shown) groups.set(unit.agency, [...(groups.get(unit.agency) ?? []), unit])
  return [...groups.entries()].sort(([a], [b]) => a.localeCompare(b))
}

const ENDED_ASSIGNMENT: ReadonlySet<AssignmentView['state']> = new Set<AssignmentView['state']>([
  'cleared',
  'declined',
  'expired',
  'withdrawn',
  'cancelled',
  'diverted',
])

export const isActive = (assignment: AssignmentView): boolean => !ENDED_ASSIGNMENT.has(assignment.state)

/** Active ones first, then by time of the offer. */
export const sortAssignments = (assignments: readonly AssignmentView[]): AssignmentView[] =>
  [...assignments].sort(
    (a, b) => Number(isActive(b)) - Number(isActive(a)) || time(a.offered_at) - time(b.offered_at),
  )
