/** Whole views with one or two fields of interest, for tests. */
import type {
  AlarmView,
  AssignmentView,
  CallView,
  Changed,
  IncidentView,
  Recorded,
  Snapshot,
  UnitPosition,
  UnitView,
} from '@/lib/events/generated'

const AT = '2026-11-24T06:00:00Z'

export const nothing: Changed = { calls: [], incidents: [], assignments: [], units: [], agents: [], alarms: [] }

export const snapshot = (seq: number, held: Partial<Changed> = {}): { t: 'snapshot' } & Snapshot => ({
  t: 'snapshot',
  ...nothing,
  ...held,
  seq,
  at: AT,
})

export const recorded = (changed: Partial<Changed>, incident_id: string | null = null): Recorded => ({
  type: 'incident.noted',
  at: AT,
  actor: null,
  data: { type: 'incident.noted', text: '', call_id: null, incident_id, unit_id: null, assignment_id: null },
  changed: { ...nothing, ...changed },
})

export const event = (
  seq: number,
  changed: Partial<Changed>,
  incident_id: string | null = null,
): { t: 'event'; seq: number; event: Recorded } => ({ t: 'event', seq, event: recorded(changed, incident_id) })

export const call = (id: string, fields: Partial<CallView> = {}): CallView => ({
  id,
  pbx: 'main',
  linkedid: id,
  direction: 'inbound',
  state: 'queued',
  ani: '+6281250001234',
  ani_withheld: false,
  caller_name: null,
  dialled: '112',
  queue: '112',
  agent: null,
  call_taker_id: null,
  arrived_at: AT,
  queued_at: AT,
  ringing_at: null,
  answered_at: null,
  ended_at: null,
  end_cause: null,
  transferred_to: null,
  transcript: [],
  disposition: null,
  note: '',
  incident_id: null,
  version: 1,
  ...fields,
})

export const incident = (id: string, fields: Partial<IncidentView> = {}): IncidentView => ({
  id,
  number: `2026-${id}`,
  type: 'fire',
  category: 'kebakaran',
  priority: 'P1',
  determinant: null,
  state: 'open',
  protocol_version: null,
  answers: {},
  narrative: '',
  place: {
    text: 'Penajam',
    point: { lat: -1.25, lon: 116.75 },
    accuracy_m: 100,
    village_code: null,
    village: null,
    kecamatan: null,
    source: 'map',
  },
  reporting_party: null,
  reporting_number: null,
  call_ids: [],
  plan: [],
  owner_id: 'u1',
  opened_at: AT,
  triaged_at: null,
  dispatched_at: null,
  en_route_at: null,
  on_scene_at: null,
  under_control_at: null,
  resolved_at: null,
  closed_at: null,
  disposition: null,
  merged_into_id: null,
  version: 1,
  ...fields,
})

export const assignment = (id: string, incident_id: string, fields: Partial<AssignmentView> = {}): AssignmentView => ({
  id,
  incident_id,
  unit_id: 'damkar-1',
  state: 'offered',
  offered_by: 'u1',
  offered_at: AT,
  offer_expires_at: AT,
  accepted_at: null,
  en_route_at: null,
  on_scene_at: null,
  transporting_at: null,
  at_facility_at: null,
  ended_at: null,
  override_reason: null,
  end_reason: null,
  travel_s: null,
  version: 1,
  ...fields,
})

export const position = (unit_id: string, at: string, lat = -1.3): UnitPosition => ({
  unit_id,
  point: { lat, lon: 116.7 },
  at,
  accuracy_m: null,
  speed_kmh: null,
  heading: null,
})

export const unit = (id: string, fields: Partial<UnitView> = {}): UnitView => ({
  id,
  callsign: id,
  kind: 'fire_engine',
  agency: 'Damkar',
  station_id: 's1',
  station: 'Pos Penajam',
  capabilities: ['fire_suppression'],
  crew: [],
  state: 'available',
  assignment_id: null,
  incident_id: null,
  on_duty_since: AT,
  out_of_service_reason: null,
  position: null,
  version: 1,
  ...fields,
})

export const alarm = (id: string, fields: Partial<AlarmView> = {}): AlarmView => ({
  id,
  kind: 'incident_undispatched',
  level: 2,
  incident_id: null,
  assignment_id: null,
  unit_id: null,
  call_id: null,
  detail: '',
  raised_at: AT,
  acknowledged_at: null,
  acknowledged_by: null,
  ...fields,
})
