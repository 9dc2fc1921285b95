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
  /** The medical director's signature; null: this edition waits for it. */
  signed_off: Signoff | null
}

export interface Signoff {
  name: string
  title: string
  at: string
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
  /** Beats a minute to sound now; null: none. */
  metronome: number | null
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

export interface AboutSimilar {
  type: string
  lat?: number
  lon?: number
  accuracy_m?: number
  text?: string
  /** Incidents that this call was told apart from are left out. */
  call_id?: string
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
  distance_m: number | null
  how: TravelHow | null
  covers: Capability[]
  proposed: boolean
  reasons: Text[]
  position_age_s: number | null
  /** Sum of the parts in seconds, the less the better; null while the incident has no point. */
  score_s: number | null
  parts: ScorePart[]
  trust: 'fresh' | 'stale' | 'station'
}

/** What a travel time was reckoned from. */
export type TravelHow = 'geodesic' | 'road' | 'server'

export interface ScorePart {
  kind: 'travel' | 'position' | 'crew' | 'shift' | 'coverage'
  seconds: number
  why: Text
}

export interface TravelSource {
  source: TravelHow | null
  notes: Text[]
}

/** A neighbour that could lend what is missing. */
export interface Lender {
  agency: string
  name: Text
  arrives_s: number | null
  how: TravelHow | null
  why: Text
}

/** A unit that a less urgent incident holds. */
export interface Divert {
  unit_id: string
  incident_id: string
  incident_number: string
  incident_priority: Priority
  assignment_id: string
  travel_s: number
  distance_m: number
  how: TravelHow
  covers: Capability[]
  saves_s: number | null
  consequence: Text
}

export interface JointPick {
  incident_id: string
  incident_number: string
  unit_id: string
  capability: Capability
  travel_s: number
  distance_m: number
  how: TravelHow
  nearest_unit_id: string
  why: Text
}

export interface Joint {
  picks: JointPick[]
  short: { incident_id: string; incident_number: string; capability: Capability; missing: number }[]
  incidents: number
  mean_s: number | null
  in_turn_mean_s: number | null
  in_turn_open: number
  travel: TravelSource
}

export interface JointOutcome {
  offered: AssignmentView[]
  refused: { incident_id: string; unit_id: string; why: string }[]
}

export interface RoadClosureNew {
  points: { lat: number; lon: number }[]
  radius_m: number
  reason: string
  /** ISO 8601; null: until somebody reopens it. */
  until: string | null
}

export interface RoadClosure extends RoadClosureNew {
  id: string
  closed_by_name: string | null
  closed_at: string
}

export interface Recommendation {
  plan: { need: Need; covered: number }[]
  short: { capability: Capability; missing: number; lenders: Lender[] }[]
  candidates: Candidate[]
  left_out: { unit_id: string; why: Text }[]
  diverts: Divert[]
  travel: TravelSource
  /** Units beyond those that are told one by one. */
  not_shown: number
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

/** The answer to a command for the PBX. */
export interface Requested {
  command_id: string
}

export interface Contact {
  number: string
  name: string
  kind: 'agency' | 'centre' | 'interpreter'
}

/** What the buttons of a desk offer. */
export interface DeskOptions {
  queues: string[]
  pause_reasons: string[]
  wrap_up_s: number
  directory: Contact[]
}
