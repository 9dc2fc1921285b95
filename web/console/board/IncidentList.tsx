/** Open incidents by priority and age; the ended ones on demand. */
import { Button, SegmentedControl } from '@mantine/core'
import { IconBellRinging, IconPhone } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { openIncidents, useLive, type LiveState } from '@/lib/store'
import { Age, EmptyState, Panel, PriorityBadge, shortTime, StatusBadge, useTypeName } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { placeLine } from '../incident/IncidentPanel'
import { useKeys } from '../keys'

/** An incident without any unit on it is late after this; the server raises its alarm by rules of its own. */
const UNSENT_WARN_S = 60
const UNSENT_LATE_S = 120

export function IncidentList(): ReactNode {
  const { t } = useTranslation('console')
  const loaded = useLive((state) => state.loaded)
  const open = useLive(openIncidents)
  const [tab, setTab] = useState<'open' | 'ended'>('open')
  const list = useRef<HTMLDivElement>(null)
  useKeys({ incidents: () => list.current?.querySelector<HTMLElement>('[aria-pressed="true"], button')?.focus() })
  return (
    <Panel
      className={styles.incidents}
      title={t('incidents.title')}
      count={loaded ? open.length : null}
      actions={
        <SegmentedControl
          size="xs"
          value={tab}
          onChange={(value) => setTab(value === 'ended' ? 'ended' : 'open')}
          data={[
            { value: 'open', label: t('incidents.open') },
            { value: 'ended', label: t('incidents.ended') },
          ]}
        />
      }
    >
      <div ref={list} onKeyDown={moveFocus}>
        {tab === 'open' && open.length === 0 && <EmptyState loaded={loaded}>{t('incidents.none')}</EmptyState>}
        {tab === 'open' && open.map((incident) => <Row key={incident.id} incident={incident} />)}
        {tab === 'ended' && <Ended />}
      </div>
    </Panel>
  )
}

/** Arrow keys go from row to row. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const rows = [...event.currentTarget.querySelectorAll('button')]
  const at = rows.findIndex((row) => row === document.activeElement)
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus()
  event.preventDefault()
}

const ENDS = ['incident.closed', 'incident.cancelled', 'incident.merged', 'incident.reopened']

/** Changes when an incident ends or is opened again: then the ended ones are read again. */
const endsMark = (state: LiveState): number => state.recent.findLast(({ event }) => ENDS.includes(event.type))?.seq ?? 0

function Ended(): ReactNode {
  const { t } = useTranslation('console')
  const query = useInfiniteQuery({
    queryKey: ['incidents', 'ended', useLive(endsMark)],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => incidents.list('ended', pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  })
  const items = query.data?.pages.flatMap((page) => page.items)
  if (items === undefined) return <EmptyState loaded={!query.isError}>{t('incidents.loading')}</EmptyState>
  return (
    <>
      {items.length === 0 && <EmptyState loaded>{t('incidents.noneEnded')}</EmptyState>}
      {items.map((incident) => (
        <Row key={incident.id} incident={incident} />
      ))}
      {query.hasNextPage && (
        <Button fullWidth variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('incidents.more')}
        </Button>
      )}
    </>
  )
}

/** Reads one fact of an incident without drawing again at every other event. */
function useAbout<T>(read: (state: LiveState, id: string) => T, id: string): T {
  return useLive(useCallback((state: LiveState) => read(state, id), [read, id]))
}

const ENDED_STATES = ['cleared', 'declined', 'expired', 'withdrawn', 'cancelled', 'diverted']

const callsignsOf = (state: LiveState, id: string): string =>
  Object.values(state.assignments)
    .filter((one) => one.incident_id === id && !ENDED_STATES.includes(one.state))
    .map((one) => state.units[one.unit_id]?.callsign ?? one.unit_id)
    .join(', ')

const alarmedOf = (state: LiveState, id: string): boolean =>
  Object.values(state.alarms).some((alarm) => alarm.incident_id === id)

function Row({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation('console')
  const desk = useDesk()
  const typeName = useTypeName()
  const callsigns = useAbout(callsignsOf, incident.id)
  const alarmed = useAbout(alarmedOf, incident.id)
  const unsent = incident.state === 'open' || incident.state === 'triaged'
  const selected = desk.selectedId === incident.id
  return (
    <button
      type="button"
      className={selected ? styles.incidentRowAt : styles.incidentRow}
      aria-pressed={selected}
      onClick={() => desk.select(incident)}
    >
      <span className={styles.rowTop}>
        <PriorityBadge priority={incident.priority} />
        <b className={styles.rowType}>{typeName(incident.type)}</b>
        {alarmed && <IconBellRinging size={13} className={styles.alarmMark} aria-label={t('incidents.alarmed')} />}
        {incident.call_ids.length > 1 && (
          <span className={styles.dim} title={t('incidents.calls', { count: incident.call_ids.length })}>
            <IconPhone size={11} /> {incident.call_ids.length}
          </span>
        )}
        <span className={styles.grow} />
        <StatusBadge of={{ kind: 'incident', state: incident.state }} />
        <Since incident={incident} unsent={unsent} />
      </span>
      <span className={styles.rowBelow}>
        <span className={styles.rowPlace}>{placeLine(incident)}</span>
        <span className={styles.rowUnits}>{callsigns === '' && unsent ? t('incidents.noUnit') : callsigns}</span>
      </span>
    </button>
  )
}

function Since({ incident, unsent }: { incident: IncidentView; unsent: boolean }): ReactNode {
  const ended = incident.closed_at
  if (ended !== null) return <span className={styles.rowAge}>{shortTime(ended)}</span>
  return (
    <span className={styles.rowAge}>
      <Age
        since={incident.opened_at}
        warnAfterS={unsent ? UNSENT_WARN_S : Infinity}
        alarmAfterS={unsent ? UNSENT_LATE_S : Infinity}
      />
    </span>
  )
}
