/** The incident that is looked at: what it is, whom to send, who is on it, what happened. */
import { SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents } from '@/lib/api'
import type { AssignmentView, IncidentView } from '@/lib/events/generated'
import { sortAssignments, useLive, type LiveState } from '@/lib/store'
import { Age, EmptyState, Panel, PriorityBadge, StatusBadge, useTypeName } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { useKeys } from '../keys'
import { PremiseNotes } from '../PremiseNotes'
import { Acts } from './Acts'
import { Assignments } from './Assignments'
import { Recommendation } from './Recommendation'
import { Timeline } from './Timeline'

/** From this width on, sending and the timeline stand side by side. */
const WIDE = '(min-width: 1700px)'

export interface Shown {
  incident: IncidentView
  assignments: readonly AssignmentView[]
  /** Not among the open ones: read once by REST. */
  ended: boolean
}

/** The incident from the live store, or by REST when it has ended. */
function useIncident(id: string | null): { shown: Shown | null; failed: boolean } {
  const incident = useLive(useCallback((state: LiveState) => (id === null ? null : (state.incidents[id] ?? null)), [id]))
  const assignments = useLive(
    useCallback((state: LiveState) => Object.values(state.assignments).filter((one) => one.incident_id === id), [id]),
  )
  const stored = useQuery({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => incidents.detail(id ?? '', { signal }),
    enabled: id !== null && incident === null,
    staleTime: 2_000,
  })
  if (incident !== null) return { shown: { incident, assignments: sortAssignments(assignments), ended: false }, failed: false }
  if (id === null || stored.data === undefined) return { shown: null, failed: stored.isError }
  const { data } = stored
  return { shown: { incident: data.incident, assignments: sortAssignments(data.assignments), ended: true }, failed: false }
}

export function IncidentPanel(): ReactNode {
  const { t } = useTranslation('console')
  const { selectedId } = useDesk()
  const { shown, failed } = useIncident(selectedId)
  if (selectedId === null) {
    return (
      <Panel className={styles.incident} title={t('incident.title')}>
        <EmptyState loaded>{t('incident.choose')}</EmptyState>
      </Panel>
    )
  }
  if (shown === null) {
    return (
      <Panel className={styles.incident} title={t('incident.title')}>
        {failed && <EmptyState loaded={false}>{null}</EmptyState>}
      </Panel>
    )
  }
  return <Whole key={shown.incident.id} shown={shown} />
}

type Tab = 'send' | 'timeline'

function Whole({ shown }: { shown: Shown }): ReactNode {
  const { t } = useTranslation('console')
  const wide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false })
  const [tab, setTab] = useState<Tab>('send')
  useKeys({ timeline: () => setTab(tab === 'send' ? 'timeline' : 'send') })
  const tabs = !wide && (
    <SegmentedControl
      size="xs"
      value={tab}
      onChange={(value) => setTab(value === 'timeline' ? 'timeline' : 'send')}
      data={[
        { value: 'send', label: t('incident.send') },
        { value: 'timeline', label: t('incident.timeline') },
      ]}
    />
  )
  return (
    <section className={styles.incident}>
      <Head shown={shown} wide={wide}>
        {tabs}
      </Head>
      <PremiseNotes place={shown.incident.place} writable />
      <div className={wide ? styles.incidentWide : styles.incidentNarrow}>
        {(wide || tab === 'send') && (
          <div className={styles.sendPane}>
            <Assignments shown={shown} />
            {!shown.ended && <Recommendation incident={shown.incident} assignments={shown.assignments} />}
          </div>
        )}
        {(wide || tab === 'timeline') && <Timeline incident={shown.incident} />}
      </div>
    </section>
  )
}

interface HeadProps {
  shown: Shown
  wide: boolean
  children: ReactNode
}

function Head({ shown, wide, children }: HeadProps): ReactNode {
  const { incident, ended } = shown
  const typeName = useTypeName()
  const { nameOf } = useDesk()
  const { t } = useTranslation('console')
  const party = [incident.reporting_party, incident.reporting_number].filter((part) => part !== null).join(' ')
  const owner = nameOf(incident.owner_id)
  const people = [
    party === '' ? '' : `${t('incident.reporter')}: ${party}`,
    owner === null ? '' : `${t('incident.owner')}: ${owner}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
  const standing = (
    <>
      <StatusBadge of={{ kind: 'incident', state: incident.state }} />
      {!ended && <Age since={incident.opened_at} />}
    </>
  )
  return (
    <header className={styles.incidentHead}>
      <div className={styles.incidentLine}>
        <PriorityBadge priority={incident.priority} large />
        <b className={styles.incidentType}>{typeName(incident.type)}</b>
        {wide && <span className={styles.dim}>{incident.number}</span>}
        {wide && standing}
        <span className={styles.grow} />
        <Acts shown={shown} />
      </div>
      <div className={styles.incidentLine}>
        <span className={styles.placeText}>{placeLine(incident)}</span>
        <span className={styles.storyText} title={incident.narrative}>
          {incident.narrative}
        </span>
        {wide ? <span className={styles.dim}>{people}</span> : children}
      </div>
      {!wide && (
        <div className={styles.incidentSmall}>
          {standing}
          <span>{incident.number}</span>
          <span className={styles.storyText}>{people}</span>
        </div>
      )}
    </header>
  )
}

export function placeLine({ place }: Pick<IncidentView, 'place'>): string {
  const area = [place.village, place.kecamatan].filter((part) => part !== null && !place.text.includes(part))
  return [place.text, ...area].filter((part) => part !== '').join(', ')
}
