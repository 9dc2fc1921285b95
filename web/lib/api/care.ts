/** False, silent and lost calls, floods, rules for numbers, and the funnel: what REST takes and gives. */
import type { CallDisposition, CallView, IncidentView, Place } from '@/lib/events/generated'
import { command, get, type CommandOptions, type RequestOptions } from './client'
import type { CallHistory, Text } from './types'

const id = (value: string): string => encodeURIComponent(value)

export type Tone = 'none' | 'mixed' | 'real_before' | 'often_false'
export type SilentStep = 'ask' | 'listen' | 'callback'

export interface Reputation {
  tone: Tone
  false_weight: number
  real_weight: number
  lines: Text[]
}

export interface EarlierNote {
  at: string
  text: string
  source: 'call' | 'incident'
}

/** The screen pop: what is known of a number. */
export interface NumberHistory extends CallHistory {
  /** Null where the network gave no number. */
  reputation: Reputation | null
  notes: EarlierNote[]
  at_place: IncidentView[]
  /** What is noted of that place. */
  premises: { id: string; kind: string; text: string; away_m: number }[]
}

export interface Rate {
  name: string
  last_minute: number
  in_window: number
}

export interface FloodGroup {
  incident_id: string
  number: string
  calls_linked: number
  waiting: string[]
  why: ('reported_before' | 'lives_near')[]
}

export interface Load {
  at: string
  waiting: number
  seats: number
  over: number
  flooding: boolean
  window_s: number
  listen_s: number
  callback_attempts: number
  trunks: Rate[]
  numbers: Rate[]
  groups: FloodGroup[]
}

export interface NumberRule {
  id: string
  number: string
  kind: 'divert' | 'block'
  reason: string
  made_by: string
  made_at: string
  ends_at: string
  ended_at: string | null
  ended_by: string | null
  end_reason: string | null
  in_force: { pbx: string; at: string }[]
}

export interface NumberRules {
  items: NumberRule[]
  divert_most_h: number
  block_most_h: number
}

export interface FunnelDay {
  day: string
  offered: number
  pressed_one: number
  queued: number
  answered: number
  real: number
  blocked: number
  undecided: number
  lost_in_menu: number | null
  lost_in_queue: number | null
  real_share: number | null
}

export interface Funnel {
  days: FunnelDay[]
  total: FunnelDay
}

export const care = {
  history: (call: string, o?: RequestOptions) => get<NumberHistory>(`/calls/${id(call)}`, o),
  dispose: (call: string, disposition: CallDisposition, note: string, o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/dispose`, { disposition, note }, o),
  undo: (call: string, o?: CommandOptions) => command<CallView>('POST', `/calls/${id(call)}/undo`, {}, o),
  silentStep: (call: string, step: SilentStep, o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/silent-steps`, { step }, o),
  alreadyReported: (call: string, body: { incident_id: string; facts: string; place: Place | null }, o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/already-reported`, body, o),
  /** Logs one attempt and claims the call; `dial` then has the PBX call out. */
  attempt: (call: string, o?: CommandOptions) =>
    command<CallView>('POST', `/calls/${id(call)}/callback/attempts`, {}, o),
  dial: (call: string, o?: CommandOptions) =>
    command<unknown>('POST', `/calls/${id(call)}/acts`, { act: 'call_back', to: null }, o),
  release: (call: string, o?: CommandOptions) => command<CallView>('DELETE', `/calls/${id(call)}/callback`, {}, o),
  load: (o?: RequestOptions) => get<Load>('/flood', o),
  rules: (o?: RequestOptions) => get<NumberRules>('/number-rules', o),
  makeRule: (body: { number: string; kind: 'divert' | 'block'; reason: string; hours: number }, o?: CommandOptions) =>
    command<NumberRule>('POST', '/number-rules', body, o),
  endRule: (rule: string, reason: string, o?: CommandOptions) =>
    command<NumberRule>('POST', `/number-rules/${id(rule)}/end`, { reason }, o),
  funnel: (days: number, o?: RequestOptions) => get<Funnel>(`/kpis/funnel?days=${days}`, o),
}
