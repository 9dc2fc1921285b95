/** What an alarm says, in the screen's language. */
import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlarmKind, AlarmView } from '@/lib/events/generated'
import { useLive, type LiveState } from '@/lib/store'
import { readable } from './number'
import { shortTime } from './time'

type Known = Pick<LiveState, 'incidents' | 'units' | 'assignments' | 'calls'>
/** What the sentence of each kind names. */
const NAMES = {
  offer_declined: ['unit', 'number', 'reason'],
  offer_expired: ['unit', 'number'],
  no_unit_left: ['number'],
  incident_undispatched: ['number', 'opened'],
  call_unanswered: ['caller', 'arrived'],
  plan_short: ['number'],
  incident_untriaged: ['number', 'opened'],
  unit_not_en_route: ['unit', 'number'],
  no_report: ['unit', 'number'],
} as const satisfies Record<AlarmKind, readonly string[]>

const at = <T>(held: Readonly<Record<string, T>>, id: string | null): T | undefined => (id === null ? undefined : held[id])

function callerOf(call: LiveState['calls'][string], t: TFunction): string {
  if (call.ani !== null) return readable(call.ani)
  return t(call.ani_withheld ? 'number.withheld' : 'number.none')
}

/** The server's own words stand in where the page lacks what the sentence names (an incident that has ended). */
export function alarmText(alarm: AlarmView, known: Known, t: TFunction): string {
  const incident = at(known.incidents, alarm.incident_id)
  const call = at(known.calls, alarm.call_id)
  const values = {
    unit: at(known.units, alarm.unit_id)?.callsign,
    number: incident?.number,
    opened: incident && shortTime(incident.opened_at),
    reason: at(known.assignments, alarm.assignment_id)?.end_reason,
    caller: call && callerOf(call, t),
    arrived: call && shortTime(call.arrived_at),
  }
  return NAMES[alarm.kind].some((name) => values[name] == null) ? alarm.detail : t(`alarmText.${alarm.kind}`, values)
}

export function useAlarmText(alarm: AlarmView): string {
  const { t } = useTranslation()
  return useLive(useCallback((state: LiveState) => alarmText(alarm, state, t), [alarm, t]))
}
