import { Button } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Similar } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { Age, KeyHint, PriorityBadge } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS } from '../keys'

interface DuplicatesProps {
  similar: readonly Similar[]
  /** Null when there is no call to link. */
  onLink: ((incident: IncidentView) => void) | null
  onLook: (incident: IncidentView) => void
}

/** Open incidents that this report may be about: shown before a second one is opened. */
export function Duplicates({ similar, onLink, onLook }: DuplicatesProps): ReactNode {
  const { t, i18n } = useTranslation('console')
  if (similar.length === 0) return null
  return (
    <div className={styles.duplicates} role="status">
      <h3>{t('intake.duplicates')}</h3>
      {similar.slice(0, 3).map(({ incident, why }, index) => (
        <div key={incident.id} className={styles.duplicate}>
          <PriorityBadge priority={incident.priority} />
          <button type="button" className={styles.linkButton} onClick={() => onLook(incident)}>
            {incident.number}
          </button>
          <span className={styles.why}>
            {incident.place.text} · {why.map((reason) => inLanguage(reason, i18n.language)).join(', ')}
          </span>
          <Age since={incident.opened_at} />
          {onLink !== null && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconLink size={12} />}
              rightSection={index === 0 ? <KeyHint>{KEYS.link}</KeyHint> : undefined}
              onClick={() => onLink(incident)}
            >
              {t('intake.link')}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}
