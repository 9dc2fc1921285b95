/** One incident: what it is, who is on it, and what happened in order. */
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { sortAssignments, useLive } from '@/lib/store'
import { useEventText, useTimeline } from '@/lib/timeline'
import { Age, EmptyState, Panel, PriorityBadge, StatusBadge, Time, useTypeName } from '@/lib/ui'
import styles from './supervisor.module.css'

export function IncidentDetail({ incident, onClose }: { incident: IncidentView; onClose: () => void }): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const typeName = useTypeName()
  const area = [incident.place.village, incident.place.kecamatan].filter(Boolean).join(', ')
  return (
    <Panel
      className={styles.detail}
      title={incident.number}
      actions={
        <ActionIcon variant="subtle" aria-label={t('common:close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      }
    >
      <div className={styles.detailBody}>
        <div className={styles.detailTop}>
          <PriorityBadge priority={incident.priority} large />
          <h2>{typeName(incident.type)}</h2>
          <StatusBadge of={{ kind: 'incident', state: incident.state }} />
          <Age since={incident.opened_at} />
        </div>
        <p className={styles.detailPlace}>
          <b>{incident.place.text}</b> {area !== incident.place.text && <span className={styles.dim}>{area}</span>}
        </p>
        {incident.narrative !== '' && <p className={styles.detailText}>{incident.narrative}</p>}
        <Assigned incidentId={incident.id} />
        <Timeline incidentId={incident.id} />
      </div>
    </Panel>
  )
}

function Assigned({ incidentId }: { incidentId: string }): ReactNode {
  const assignments = useLive((state) => state.assignments)
  const units = useLive((state) => state.units)
  const own = sortAssignments(Object.values(assignments).filter((one) => one.incident_id === incidentId))
  return own.map((one) => (
    <div key={one.id} className={styles.row}>
      <b className={styles.grow}>{units[one.unit_id]?.callsign}</b>
      <StatusBadge of={{ kind: 'assignment', state: one.state }} />
    </div>
  ))
}

function Timeline({ incidentId }: { incidentId: string }): ReactNode {
  const { t } = useTranslation('supervisor')
  const words = useEventText()
  const { items } = useTimeline(incidentId)
  const { data: names } = useQuery({ queryKey: ['names'], queryFn: ({ signal }) => people.names({ signal }) })
  const count = items?.length ?? 0
  const scroll = useRef<HTMLDivElement>(null)
  useEffect(() => {
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight })
  }, [count, incidentId])
  const nameOf = (id: string | null): string => names?.find((one) => one.id === id)?.display_name ?? ''
  return (
    <div className={styles.timeline}>
      <h3>{t('timeline')}</h3>
      {items === null && <EmptyState loaded={false}>{null}</EmptyState>}
      <div ref={scroll} className={styles.timelineScroll}>
        {items?.map((item) => (
          <div key={item.seq} className={styles.event}>
            <Time at={item.at} />
            <span>{words(item)}</span>
            <span className={styles.dim}>{item.actor_name ?? nameOf(item.actor)}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
