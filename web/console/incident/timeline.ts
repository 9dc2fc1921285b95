/** Events in the words of the screen. */
import { useTranslation } from 'react-i18next'
import type { TimelineItem } from '@/lib/api'
import type { AnyEvent } from '@/lib/events/generated'
import { useLive, type LiveState } from '@/lib/store'

/** The stored timeline and what came since, each event once and in order. */
export function mergeTimeline(stored: readonly TimelineItem[], recent: LiveState['recent']): TimelineItem[] {
  const last = stored.at(-1)?.seq ?? -1
  const newer = recent
    .filter(({ seq }) => seq > last)
    .map(({ seq, event }) => ({
      seq,
      at: event.at,
      type: event.type,
      actor: event.actor,
      actor_name: null,
      data: event.data as unknown as Record<string, unknown>,
    }))
  return [...stored, ...newer]
}

type EventType = AnyEvent['type']

/** Text of a field, '' when it is none. */
function field(data: Record<string, unknown>, name: string): string {
  const value = data[name]
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) ? value.join(', ') : ''
}

export function useEventText(): (item: TimelineItem) => string {
  const { t, i18n } = useTranslation(['console', 'common'])
  const units = useLive((state) => state.units)
  return ({ type, data }) => {
    const key = type.replace('.', '_')
    if (!i18n.exists(`console:event.${key}`)) return type
    const unit = field(data, 'unit_id')
    const named = (group: string, name: string): string => {
      const value = field(data, name)
      return i18n.exists(`common:${group}.${value}`) ? t(`common:${group}.${value}` as 'common:close') : value
    }
    const corrected = (from: Record<string, unknown>): string => {
      const names = Array.isArray(from.fields) ? from.fields.map(String) : []
      return names
        .map((name) => (i18n.exists(`console:reportField.${name}`) ? t(`reportField.${name}` as 'reportField.place') : name))
        .join(', ')
    }
    return t(`event.${key}` as `event.${EventKey}`, {
      unit: units[unit]?.callsign ?? unit,
      agent: field(data, 'agent'),
      text: field(data, 'text'),
      reason: field(data, 'reason') || field(data, 'override_reason'),
      note: field(data, 'note'),
      fields: corrected(data),
      cause: field(data, 'cause'),
      priority: field(data, 'priority'),
      determinant: field(data, 'determinant'),
      state: named('incidentState', 'state'),
      disposition:
        type === 'call.disposed' ? named('callDisposition', 'disposition') : named('incidentDisposition', 'disposition'),
      alarm: named('alarmKind', 'kind'),
    }).trim()
  }
}

type Underscored<T extends string> = T extends `${infer A}.${infer B}` ? `${A}_${B}` : T
/** Every type of the catalogue has a text: a missing one fails the type check. */
export type EventKey = Underscored<Exclude<EventType, `user.${string}` | `agent.${string}`>>
