/** Pure readings of the live state that every face shares, in the order in which a centre works. */
import type { AgentView, AlarmView, AssignmentView, CallState, CallView, IncidentView, UnitView } from '@/lib/events/generated'
import type { LiveState } from './state'

const time = (iso: string): number => Date.parse(iso)

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

/** Open incidents by priority, then the oldest first. */
export const openIncidents = (state: LiveState): IncidentView[] =>
  Object.values(state.incidents).sort(
    (a, b) => a.priority.localeCompare(b.priority) || time(a.opened_at) - time(b.opened_at),
  )

/** Alarms of the highest level first, then the oldest. */
export const openAlarms = (state: LiveState): AlarmView[] =>
  Object.values(state.alarms).sort(
    (a, b) => Number(isSnoozed(a)) - Number(isSnoozed(b)) || b.level - a.level || time(a.raised_at) - time(b.raised_at),
  )

/** Put off; the server raises it again when its time is over. */
export const isSnoozed = (alarm: AlarmView): boolean => alarm.snoozed_until !== null

/** The number of the last event that changed a protocol; 0: none since this page was opened. */
export const lastProtocolChange = (state: LiveState): number =>
  state.recent.findLast(({ event }) => event.type.startsWith('protocol.'))?.seq ?? 0

export const allUnits = (state: LiveState): UnitView[] =>
  Object.values(state.units).sort((a, b) => a.callsign.localeCompare(b.callsign, 'id', { numeric: true }))

export const allAgents = (state: LiveState): AgentView[] =>
  Object.values(state.agents).sort((a, b) => a.agent.localeCompare(b.agent, 'id', { numeric: true }))

/** A desk as the PBX describes it; null where it has not. */
export const agentAt = (state: LiveState, extension: string): AgentView | null =>
  Object.values(state.agents).find((agent) => agent.agent === extension) ?? null

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
