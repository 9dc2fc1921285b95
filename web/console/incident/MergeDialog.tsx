import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { distanceM } from '@/lib/map'
import { openIncidents, useLive } from '@/lib/store'
import { Age, EmptyState, PriorityBadge, useCommand, useTypeName } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { placeLine } from './IncidentPanel'

interface MergeProps {
  incident: IncidentView
  opened: boolean
  onClose: () => void
}

/** Metres; infinite where either place is unknown. */
function between({ place: { point: here } }: IncidentView, { place: { point: there } }: IncidentView): number {
  return here === null || there === null ? Infinity : distanceM(here, there)
}

/** The same event reported twice: this incident ends as merged, its calls go over to the chosen one. The nearest come first. */
export function MergeDialog({ incident, opened, onClose }: MergeProps): ReactNode {
  const { t } = useTranslation('console')
  const typeName = useTypeName()
  const { select } = useDesk()
  const others = useLive(openIncidents)
    .filter((other) => other.id !== incident.id)
    .toSorted((a, b) => between(incident, a) - between(incident, b))
  const merge = useCommand((key, into: IncidentView) => incidents.merge(incident.id, into.id, { key }), {
    onDone: (_merged, into) => {
      onClose()
      select(into)
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t('merge.title', { number: incident.number })}>
      {others.length === 0 && <EmptyState loaded>{t('merge.none')}</EmptyState>}
      {others.map((other) => (
        <button
          type="button"
          key={other.id}
          className={styles.mergeRow}
          disabled={merge.busy}
          onClick={() => void merge.run(other)}
        >
          <PriorityBadge priority={other.priority} />
          <span className={styles.mergeText}>
            <b>{typeName(other.type)}</b>
            <span className={styles.dim}>{placeLine(other)}</span>
          </span>
          <span className={styles.dim}>{other.number}</span>
          <Age since={other.opened_at} />
        </button>
      ))}
    </Modal>
  )
}
