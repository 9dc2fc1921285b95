import { Button } from '@mantine/core'
import { IconLink, IconUnlink } from '@tabler/icons-react'
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
  /** Another event: it is not proposed for this report any more. */
  onApart: (incident: IncidentView) => void
}

/** Open incidents that this report may be about: shown before a second one is opened. */
export function Duplicates({ similar, onLink, onLook, onApart }: DuplicatesProps): ReactNode {
  const { t, i18n } = useTranslation('console')
  if (similar.length === 0) return null
  return (
    <div className={styles.duplicates} role="status">
      <h3>{t('intake.duplicates')}</h3>
      {similar.slice(0, 3).map(({ incident, score, why }, index) => (
        <div key={incident.id} className={styles.duplicate}>
          <PriorityBadge priority={incident.priority} />
          <button type="button" className={styles.linkButton} onClick={() => onLook(incident)}>
            {incident.number}
          </button>
          <span className={styles.score}>{t('intake.likely', { percent: Math.round(score * 100) })}</span>
          <span className={styles.why} title={why.map((reason) => inLanguage(reason, i18n.language)).join(', ')}>
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
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconUnlink size={12} />}
            rightSection={index === 0 ? <KeyHint>{KEYS.apart}</KeyHint> : undefined}
            onClick={() => onApart(incident)}
          >
            {t('intake.apart')}
          </Button>
        </div>
      ))}
    </div>
  )
}
