/** What happened to an incident, in order and in the words of the screen; its texts come with it. */
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents, type TimelineItem } from '@/lib/api'
import type { AnyEvent } from '@/lib/events/generated'
import en from '@/lib/i18n/en/timeline.json'
import id from '@/lib/i18n/id/timeline.json'
import { useLive, type LiveState } from '@/lib/store'
import { shortTime } from '@/lib/ui'

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

/** The timeline of an incident; `items` is null while it is not loaded. */
export function useTimeline(incidentId: string): { items: TimelineItem[] | null; failed: boolean } {
  const stored = useQuery({
    queryKey: ['timeline', incidentId],
    queryFn: ({ signal }) => incidents.timeline(incidentId, { signal }),
    staleTime: 5_000,
  })
  const recent = useLive(
    useCallback(
      (state: LiveState) => state.recent.filter(({ event }) => event.data.incident_id === incidentId),
      [incidentId],
    ),
  )
  return { items: stored.data === undefined ? null : mergeTimeline(stored.data, recent), failed: stored.isError }
}

/** From how late on a report is told to have come later: below it is the way over the network. */
const LATE_MS = 60_000

/** When the centre heard of it, where that was notably later than it happened; else null. */
export function receivedLate({ at, data }: Pick<TimelineItem, 'at' | 'data'>): string | null {
  const received = data.received_at
  return typeof received === 'string' && Date.parse(received) - Date.parse(at) >= LATE_MS ? received : null
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
  const { t, i18n } = useTranslation(['timeline', 'common'])
  if (!i18n.hasResourceBundle('id', 'timeline')) {
    i18n.addResourceBundle('id', 'timeline', id)
    i18n.addResourceBundle('en', 'timeline', en)
  }
  const units = useLive((state) => state.units)
  return ({ at, type, data }) => {
    const key = type.replace('.', '_')
    if (!i18n.exists(`timeline:event.${key}`)) return type
    const unit = field(data, 'unit_id')
    const named = (group: string, name: string): string => {
      const value = field(data, name)
      return i18n.exists(`common:${group}.${value}`) ? t(`common:${group}.${value}` as 'common:close') : value
    }
    const corrected = (from: Record<string, unknown>): string => {
      const names = Array.isArray(from.fields) ? from.fields.map(String) : []
      return names
        .map((name) => (i18n.exists(`timeline:reportField.${name}`) ? t(`reportField.${name}` as 'reportField.place') : name))
        .join(', ')
    }
    const text = t(`event.${key}` as `event.${EventKey}`, {
      unit: units[unit]?.callsign ?? unit,
      agent: field(data, 'agent'),
      party: field(data, 'party'),
      outcome: field(data, 'words') || field(data, 'outcome'),
      text: field(data, 'text'),
      reason: field(data, 'reason') || field(data, 'override_reason'),
      note: field(data, 'note'),
      fields: corrected(data),
      cause: field(data, 'cause'),
      priority: field(data, 'priority'),
      level: field(data, 'level'),
      determinant: field(data, 'determinant'),
      state: named('incidentState', 'state'),
      disposition:
        type === 'call.disposed' || type === 'call.disposal_undone' ? named('callDisposition', 'disposition') : named('incidentDisposition', 'disposition'),
      alarm: named('alarmKind', 'kind'),
      digit: field(data, 'digit'),
      how: named('numberRule', 'how'),
      step: named('silentStep', 'step'),
      attempt: field(data, 'attempt'),
      number: field(data, 'number'),
      kind: named('numberRule', 'kind'),
      pbx: field(data, 'pbx'),
      plugin: field(data, 'plugin'),
      name: field(data, 'name'),
      code: field(data, 'code'),
    }).trim()
    const late = receivedLate({ at, data })
    return late === null ? text : t('late', { text, time: shortTime(late) })
  }
}

type Underscored<T extends string> = T extends `${infer A}.${infer B}` ? `${A}_${B}` : T
/** Every type of the catalogue has a text: a missing one fails the type check. */
export type EventKey = Underscored<Exclude<EventType, `user.${string}` | `agent.${string}`>>
