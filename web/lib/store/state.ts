/** The live state and the pure fold that keeps it: snapshot + events = a fresh snapshot, always. */
import type {
  AgentView,
  AlarmView,
  AssignmentView,
  CallView,
  Changed,
  IncidentState,
  IncidentView,
  Recorded,
  UnitPosition,
  UnitView,
  UserView,
} from '@/lib/events/generated'
import type { Part, ServerMessage } from './messages'

type ById<T> = Readonly<Record<string, T>>

export interface LiveState {
  /** False until a snapshot came: an empty list then means 'not loaded', never 'nothing there'. */
  readonly loaded: boolean
  /** All events up to here that this user may see are folded in. */
  readonly seq: number
  readonly user: UserView | null
  /** The unit whose crew looks at this screen: it holds no more than concerns that unit. Null at the centre. */
  readonly unitId: string | null
  readonly calls: ById<CallView>
  readonly incidents: ById<IncidentView>
  readonly assignments: ById<AssignmentView>
  readonly units: ById<UnitView>
  /** By `agentKey`: a desk's extension is unique within its PBX only. */
  readonly agents: ById<AgentView>
  readonly alarms: ById<AlarmView>
  /** The newest position of each unit; kept apart from `units`, as it changes a hundred times as often. */
  readonly positions: ById<UnitPosition>
  readonly parts: readonly Part[]
  /** The last events, oldest first: what a timeline that was loaded earlier lacks. */
  readonly recent: readonly { readonly seq: number; readonly event: Recorded }[]
}

/** How many events `recent` keeps: an hour of one busy incident; a timeline that lacks more is loaded anew. */
export const RECENT_EVENTS = 500

export const EMPTY: LiveState = {
  loaded: false,
  seq: 0,
  user: null,
  unitId: null,
  calls: {},
  incidents: {},
  assignments: {},
  units: {},
  agents: {},
  alarms: {},
  positions: {},
  parts: [],
  recent: [],
}

const ENDED: ReadonlySet<IncidentState> = new Set<IncidentState>(['closed', 'cancelled', 'merged'])

export const agentKey = (agent: { pbx: string; agent: string }): string => `${agent.pbx}/${agent.agent}`

/** Folds one message in. Pure; an event that was seen before changes nothing. */
export function apply(state: LiveState, message: ServerMessage): LiveState {
  switch (message.t) {
    case 'welcome':
      return { ...state, user: message.user, unitId: unitOf(message.topics) }
    case 'snapshot': {
      const { user, unitId, parts } = state
      return { ...change({ ...EMPTY, user, unitId, parts }, message), loaded: true, seq: message.seq }
    }
    case 'event':
      return message.seq <= state.seq ? state : applyEvent(state, message.seq, message.event)
    case 'positions':
      return { ...state, positions: newest(state.positions, message.items) }
    case 'health':
      return { ...state, parts: message.parts }
    case 'beat':
      return message.seq > state.seq ? { ...state, seq: message.seq } : state
    case 'error':
      return state
  }
}

function applyEvent(state: LiveState, seq: number, event: Recorded): LiveState {
  const recent = [...state.recent, { seq, event }].slice(-RECENT_EVENTS)
  return { ...change(state, event.changed), seq, recent }
}

const UNIT_TOPIC = 'unit:'

/** Whose crew follows these topics; null when it is the centre. */
function unitOf(topics: readonly string[]): string | null {
  const own = topics.find((topic) => topic.startsWith(UNIT_TOPIC))
  return own === undefined || topics.includes('ops') ? null : own.slice(UNIT_TOPIC.length)
}

function change(state: LiveState, changed: Changed): LiveState {
  return ofUnit(upserted(state, changed))
}

function upserted(state: LiveState, changed: Changed): LiveState {
  const incidents = upsert(state.incidents, changed.incidents, byId, (incident) => !ENDED.has(incident.state))
  const ended = changed.incidents.some((incident) => ENDED.has(incident.state))
  const assignments = upsert(state.assignments, changed.assignments, byId, () => true)
  return {
    ...state,
    calls: upsert(state.calls, changed.calls, byId, (call) => call.state !== 'closed'),
    incidents,
    assignments:
      ended || changed.assignments.length > 0
        ? keep(assignments, (assignment) => incidents[assignment.incident_id] !== undefined)
        : assignments,
    units: upsert(state.units, changed.units, byId, () => true),
    agents: upsert(state.agents, changed.agents, agentKey, () => true),
    alarms: upsert(state.alarms, changed.alarms, byId, (alarm) => alarm.acknowledged_at === null),
    positions: newest(
      state.positions,
      changed.units.flatMap((unit) => (unit.position === null ? [] : [unit.position])),
    ),
  }
}

/** An event of an incident tells a crew of the other units there too; its snapshot holds its own alone. */
function ofUnit(state: LiveState): LiveState {
  const { unitId } = state
  if (unitId === null) return state
  const assignments = keep(state.assignments, (assignment) => assignment.unit_id === unitId)
  const offered = new Set(Object.values(assignments).map((assignment) => assignment.incident_id))
  return {
    ...state,
    assignments,
    incidents: keep(state.incidents, (incident) => offered.has(incident.id)),
    units: keep(state.units, (unit) => unit.id === unitId),
    positions: keep(state.positions, (position) => position.unit_id === unitId),
    alarms: keep(state.alarms, () => false),
  }
}

const byId = (item: { id: string }): string => item.id

/** The same object when nothing changes, so that selectors stay quiet. */
function upsert<T>(
  held: ById<T>,
  items: readonly T[],
  keyOf: (item: T) => string,
  stays: (item: T) => boolean,
): ById<T> {
  if (items.length === 0) return held
  const next: Record<string, T> = { ...held }
  for (const item of items) {
    if (stays(item)) next[keyOf(item)] = item
    else delete next[keyOf(item)]
  }
  return next
}

function keep<T>(held: ById<T>, stays: (item: T) => boolean): ById<T> {
  const entries = Object.entries(held)
  const kept = entries.filter(([, item]) => stays(item))
  return kept.length === entries.length ? held : Object.fromEntries(kept)
}

/** A unit's event carries the position known then; a newer one may have come by itself before. */
function newest(held: ById<UnitPosition>, items: readonly UnitPosition[]): ById<UnitPosition> {
  const newer = items.filter((item) => {
    const known = held[item.unit_id]
    return known === undefined || Date.parse(item.at) > Date.parse(known.at)
  })
  return upsert(held, newer, (item) => item.unit_id, () => true)
}
