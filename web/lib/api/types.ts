/** Requests and answers of REST that are not views (those are generated: lib/events/generated.ts). */
import type {
  AssignmentView,
  CallDisposition,
  CallView,
  Capability,
  IncidentDisposition,
  IncidentView,
  Need,
  Place,
  Priority,
  Role,
  UnitView,
} from '@/lib/events/generated'

/** A text of the centre's data, in both languages. */
export interface Text {
  id: string
  en: string
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export type Face = 'console' | 'responder' | 'supervisor' | 'admin'

export interface DemoAccount {
  username: string
  display_name: string
  roles: Role[]
  face: Face
}

export interface Demo {
  enabled: boolean
  accounts: DemoAccount[]
}

export interface UserName {
  id: string
  display_name: string
}

export interface CallHistory {
  call: CallView
  earlier_calls: CallView[]
  earlier_incidents: IncidentView[]
  earlier_total: number
}

export interface CallDispose {
  disposition: CallDisposition
  note: string
}

export interface Choice {
  value: string
  label: Text
}

export interface Question {
  id: string
  text: Text
  kind: 'choice' | 'yes_no' | 'number' | 'free'
  choices: Choice[]
}

export interface ProtocolView {
  code: string
  name: Text
  category: string
  icon: string
  keywords: string[]
  questions: Question[]
  version: string
}

export interface Protocols {
  version: string
  types: ProtocolView[]
}

export type Answer = string | number | boolean
export type Answers = Record<string, Answer>

export interface TriageResult {
  next_question: string | null
  priority: Priority
  determinant: string | null
  determinant_text: Text | null
  plan: Need[]
  instructions: Text[]
  red_flags: Text[]
  done: boolean
}

export interface PlaceHit {
  id: string
  name: string
  kind: string
  place: Place
  score: number
  why: Text
}

export interface PlaceReverse {
  place: Place
  inside: boolean
  warning: Text | null
}

export interface PlaceMark {
  id: string
  name: string
  kind: string
  village: string | null
  kecamatan: string | null
  lat: number
  lon: number
}

export interface IncidentNew {
  call_id: string | null
  type: string
  answers: Answers
  narrative: string
  place: Place
  reporting_party?: string | null
  reporting_number?: string | null
  priority?: Priority
  confirm_outside?: boolean
}

export interface IncidentEdit {
  type?: string
  answers?: Answers
  narrative?: string
  place?: Place
  priority?: Priority
  reporting_party?: string | null
  reporting_number?: string | null
}

export interface Similar {
  incident: IncidentView
  score: number
  why: Text[]
}

export interface IncidentDetail {
  incident: IncidentView
  assignments: AssignmentView[]
  calls: CallView[]
}

export interface TimelineItem {
  seq: number
  at: string
  type: string
  actor: string | null
  actor_name: string | null
  data: Record<string, unknown>
}

export type IncidentAct = 'under_control' | 'resolve' | 'close' | 'cancel' | 'reopen'

export interface IncidentActBody {
  act: IncidentAct
  disposition?: IncidentDisposition
  reason?: string
  note?: string
}

export interface Candidate {
  unit_id: string
  rank: number
  travel_s: number | null
  distance_m: number
  how: string
  covers: Capability[]
  proposed: boolean
  reasons: Text[]
  position_age_s: number | null
}

export interface Recommendation {
  plan: { need: Need; covered: number }[]
  short: { capability: Capability; missing: number }[]
  candidates: Candidate[]
  left_out: { unit_id: string; why: Text }[]
}

export type AssignmentAct =
  'accept' | 'decline' | 'depart' | 'arrive' | 'transport' | 'reach_facility' | 'clear' | 'withdraw' | 'cancel'

export type UnitAct = 'go_on_duty' | 'go_off_duty' | 'go_out_of_service' | 'return_to_service'

export interface MyUnit {
  unit: UnitView
  assignment: AssignmentView | null
  incident: IncidentView | null
}

export interface PositionFix {
  lat: number
  lon: number
  at: string
  accuracy_m?: number
  speed_kmh?: number
  heading?: number
}

export interface KpisToday {
  since: string
  calls_offered: number | null
  calls_answered: number | null
  calls_abandoned: number | null
  answer_p50_s: number | null
  answer_p90_s: number | null
  false_calls: number | null
  incidents_opened: number | null
  incidents_open: number | null
  dispatch_p50_s: number | null
  response_p50_s: number | null
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

export interface PluginTile {
  plugin: string
  name: string
  label: Text
  /** Null: the module gave none. */
  value: string | null
  unit: string
  tone: Tone
  hint: string
  at: string
}

export interface PluginLayer {
  plugin: string
  name: string
  label: Text
}

export interface LayerFeatures {
  type: 'FeatureCollection'
  features: {
    type: 'Feature'
    geometry: { type: 'Point'; coordinates: [number, number] }
    properties: { title: string; text: string; link: string | null; tone: Tone }
  }[]
}
