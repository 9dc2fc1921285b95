/** Every REST call by name. Reads take an AbortSignal; commands take CommandOptions (key, ifMatch). */
import type {
  CallCommandDone,
  DeskCommandDone,
  AlarmView,
  AssignmentView,
  CallDisposition,
  CallView,
  IncidentView,
  UnitView,
  UserView,
} from '@/lib/events/generated'
import { command, get, type CommandOptions, type RequestOptions } from './client'
import type * as T from './types'

export { ApiError, newKey, toSignIn, type CommandOptions, type ProblemKind } from './client'
export type * from './types'

export type CallAct = CallCommandDone['act']
export type DeskAct = DeskCommandDone['act']

const id = encodeURIComponent

function query(values: Record<string, string | number | null | undefined>): string {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return present.length === 0 ? '' : `?${new URLSearchParams(present.map(([k, v]) => [k, String(v)])).toString()}`
}

export const people = {
  session: (o?: RequestOptions) => get<UserView>('/session', o),
  signIn: (username: string, password: string) => command<UserView>('POST', '/session', { username, password }),
  signOut: () => command<void>('DELETE', '/session'),
  demo: (o?: RequestOptions) => get<T.Demo>('/demo', o),
  demoSignIn: (username: string) => command<UserView>('POST', '/demo/session', { username }),
  takeSeat: (extension: string | null) => command<UserView>('PUT', '/me/seat', { extension }),
  names: (o?: RequestOptions) => get<T.UserName[]>('/users', o),
}

export const calls = {
  list: (cursor?: string, o?: RequestOptions) => get<T.Page<CallView>>(`/calls${query({ cursor, limit: 50 })}`, o),
  history: (call: string, o?: RequestOptions) => get<T.CallHistory>(`/calls/${id(call)}`, o),
  answer: (call: string, o?: CommandOptions) =>
    command<{ command_id: string }>('POST', `/calls/${id(call)}/answer`, {}, o),
  hangUp: (call: string, o?: CommandOptions) =>
    command<{ command_id: string }>('POST', `/calls/${id(call)}/hangup`, {}, o),
  dispose: (call: string, disposition: CallDisposition, note = '', o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/dispose`, { disposition, note }, o),
  /** Asks the PBX; what became of it comes as the event `call.command_done`. */
  act: (call: string, act: CallAct, to: string | null = null, o?: CommandOptions) =>
    command<T.Requested>('POST', `/calls/${id(call)}/acts`, { act, to }, o),
  link: (call: string, incident_id: string, o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/link`, { incident_id }, o),
}

export const desks = {
  options: (o?: RequestOptions) => get<T.DeskOptions>('/desk-options', o),
  /** Asks the PBX; what became of it comes as the event `desk.command_done`. */
  act: (desk: string, act: DeskAct, reason: string | null = null, o?: CommandOptions) =>
    command<T.Requested>('POST', `/desks/${id(desk)}/acts`, { act, reason }, o),
}

export const protocols = {
  all: (o?: RequestOptions) => get<T.Protocols>('/protocols', o),
  /** A question to the evaluator; it changes nothing. */
  triage: (type: string, answers: T.Answers, o?: CommandOptions) =>
    command<T.TriageResult>('POST', '/triage', { type, answers }, o),
}

export const places = {
  search: (q: string, near?: { lat: number; lon: number }, o?: RequestOptions) =>
    get<T.PlaceHit[]>(`/places${query({ q, lat: near?.lat, lon: near?.lon, limit: 8 })}`, o),
  reverse: (lat: number, lon: number, o?: RequestOptions) =>
    get<T.PlaceReverse>(`/places/reverse${query({ lat, lon })}`, o),
  all: (o?: RequestOptions) => get<T.PlaceMark[]>('/places/all', o),
}

export const incidents = {
  open: (body: T.IncidentNew, o?: CommandOptions) => command<IncidentView>('POST', '/incidents', body, o),
  list: (state: 'open' | 'ended', cursor?: string, o?: RequestOptions) =>
    get<T.Page<IncidentView>>(`/incidents${query({ state, cursor, limit: 50 })}`, o),
  similar: (about: T.AboutSimilar, o?: RequestOptions) =>
    get<T.Similar[]>(`/incidents/similar${query({ ...about })}`, o),
  detail: (incident: string, o?: RequestOptions) => get<T.IncidentDetail>(`/incidents/${id(incident)}`, o),
  timeline: (incident: string, o?: RequestOptions) => get<T.TimelineItem[]>(`/incidents/${id(incident)}/timeline`, o),
  amend: (incident: string, edit: T.IncidentEdit, o: CommandOptions) =>
    command<IncidentView>('PATCH', `/incidents/${id(incident)}`, edit, o),
  note: (incident: string, text: string, o?: CommandOptions) =>
    command<void>('POST', `/incidents/${id(incident)}/notes`, { text }, o),
  act: (incident: string, body: T.IncidentActBody, o?: CommandOptions) =>
    command<IncidentView>('POST', `/incidents/${id(incident)}/acts`, body, o),
  merge: (incident: string, into_id: string, o?: CommandOptions) =>
    command<IncidentView>('POST', `/incidents/${id(incident)}/merge`, { into_id }, o),
  recommendation: (incident: string, o?: RequestOptions) =>
    get<T.Recommendation>(`/incidents/${id(incident)}/recommendation`, o),
  offer: (incident: string, unit_id: string, override_reason?: string, o?: CommandOptions) =>
    command<AssignmentView>('POST', `/incidents/${id(incident)}/assignments`, { unit_id, override_reason }, o),
}

export const recommendation = {
  joint: (o?: RequestOptions) => get<T.Joint>('/recommendation/joint', o),
  offerJoint: (picks: { incident_id: string; unit_id: string }[], o?: CommandOptions) =>
    command<T.JointOutcome>('POST', '/recommendation/joint/offers', { picks }, o),
  divert: (incident: string, unit_id: string, reason: string, o?: CommandOptions) =>
    command<AssignmentView>('POST', `/incidents/${id(incident)}/diversions`, { unit_id, reason }, o),
  setAlarmLevel: (incident: string, level: number, reason: string, o?: CommandOptions) =>
    command<IncidentView>('PUT', `/incidents/${id(incident)}/alarm-level`, { level, reason }, o),
}

export const roads = {
  closures: (o?: RequestOptions) => get<T.RoadClosure[]>('/road-closures', o),
  close: (body: T.RoadClosureNew, o?: CommandOptions) => command<T.RoadClosure>('POST', '/road-closures', body, o),
  reopen: (closure: string, o?: CommandOptions) => command<void>('POST', `/road-closures/${id(closure)}/reopen`, {}, o),
}

export const assignments = {
  /** `at` (ISO 8601): when it happened, where it could not be sent at once. */
  act: (assignment: string, act: T.AssignmentAct, reason?: string, o?: CommandOptions & { at?: string }) =>
    command<AssignmentView>('POST', `/assignments/${id(assignment)}/acts`, { act, reason, at: o?.at }, o),
}

export const units = {
  list: (o?: RequestOptions) => get<UnitView[]>('/units', o),
  mine: (o?: RequestOptions) => get<T.MyUnit>('/units/mine', o),
  act: (unit: string, act: T.UnitAct, reason?: string, o?: CommandOptions) =>
    command<UnitView>('POST', `/units/${id(unit)}/acts`, { act, reason }, o),
  sendPositions: (positions: T.PositionFix[], o?: CommandOptions) =>
    command<void>('POST', '/positions', { positions }, o),
}

export const alarms = {
  acknowledge: (alarm: string, o?: CommandOptions) =>
    command<AlarmView>('POST', `/alarms/${id(alarm)}/acknowledge`, {}, o),
  snooze: (alarm: string, minutes: number, reason: string, o?: CommandOptions) =>
    command<AlarmView>('POST', `/alarms/${id(alarm)}/snooze`, { minutes, reason }, o),
}

export const kpis = { today: (o?: RequestOptions) => get<T.KpisToday>('/kpis/today', o) }

export const push = {
  key: (o?: RequestOptions) => get<{ key: string | null }>('/push/key', o),
  subscribe: (subscription: PushSubscriptionJSON, o?: CommandOptions) =>
    command<void>('POST', '/push/subscriptions', { endpoint: subscription.endpoint, keys: subscription.keys }, o),
}

/** What the modules show on the centre's own screens. */
export const modules = {
  tiles: (lang: string, o?: RequestOptions) => get<{ tiles: T.PluginTile[] }>(`/plugins/tiles${query({ lang })}`, o).then(({ tiles }) => tiles),
  layers: (o?: RequestOptions) => get<T.PluginLayer[]>('/plugins/layers', o),
  layer: (plugin: string, name: string, lang: string, o?: RequestOptions) =>
    get<T.LayerFeatures>(`/plugins/${id(plugin)}/layers/${id(name)}${query({ lang })}`, o),
}
