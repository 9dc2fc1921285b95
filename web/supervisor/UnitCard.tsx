/** The unit that was touched on the map. */
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UnitView } from '@/lib/events/generated'
import { useLive } from '@/lib/store'
import { Age, StatusBadge, useAgencyName } from '@/lib/ui'
import styles from './supervisor.module.css'

interface UnitCardProps {
  unit: UnitView
  onClose: () => void
  onIncident: (id: string) => void
}

export function UnitCard({ unit, onClose, onIncident }: UnitCardProps): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const agencyName = useAgencyName()
  const seen = useLive((state) => state.positions[unit.id] ?? unit.position)
  const incident = useLive((state) => (unit.incident_id === null ? null : (state.incidents[unit.incident_id] ?? null)))
  return (
    <aside className={styles.unitCard} aria-label={unit.callsign}>
      <div className={styles.unitHead}>
        <b>{unit.callsign}</b>
        <StatusBadge of={{ kind: 'unit', state: unit.state }} />
        <ActionIcon variant="subtle" aria-label={t('common:close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <span>
        {agencyName(unit.agency)} · {unit.station}
      </span>
      {unit.crew.length > 0 && <span className={styles.dim}>{unit.crew.join(', ')}</span>}
      <span className={styles.dim}>
        {seen === null ? t('noPosition') : <>{t('position')} <Age since={seen.at} warnAfterS={120} /></>}
      </span>
      {incident !== null && (
        <button type="button" className={styles.link} onClick={() => { onIncident(incident.id) }}>
          {incident.number} · {incident.place.text}
        </button>
      )}
    </aside>
  )
}
