import { Button } from '@mantine/core'
import { IconAlertTriangle, IconSignature, IconVolume } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProtocolView, TriageResult } from '@/lib/api'
import type { Priority } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { PriorityBadge } from '@/lib/ui'
import styles from '../console.module.css'
import small from './metronome.module.css'

const ALL: readonly Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

interface TriageProps {
  triage: TriageResult
  override: Priority | null
  onOverride: (priority: Priority | null) => void
}

/** The priority as it stands, why, and what to send. */
export function TriageView({ triage, override, onOverride }: TriageProps): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  const say = (text: { id: string; en: string }): string => inLanguage(text, i18n.language)
  return (
    <div className={styles.triage}>
      <div className={styles.triageTop}>
        <PriorityBadge priority={override ?? triage.priority} large />
        <span className={styles.determinant}>
          {triage.determinant !== null && <b>{triage.determinant}</b>} {inLanguage(triage.determinant_text, i18n.language)}
        </span>
        <span className={styles.override} role="radiogroup" aria-label={t('intake.override')}>
          {ALL.map((priority) => (
            <Button
              key={priority}
              size="compact-xs"
              role="radio"
              aria-checked={(override ?? triage.priority) === priority}
              variant={(override ?? triage.priority) === priority ? 'filled' : 'default'}
              onClick={() => onOverride(priority === triage.priority ? null : priority)}
            >
              {priority}
            </Button>
          ))}
        </span>
      </div>
      <div className={styles.plan}>
        {triage.plan.map((need) => (
          <span key={need.capability} className={styles.chip}>
            {need.count}× {t(`common:capability.${need.capability}`)}
          </span>
        ))}
      </div>
      {triage.red_flags.map((flag) => (
        <p key={flag.id} className={styles.redFlag}>
          <IconAlertTriangle size={15} /> {say(flag)}
        </p>
      ))}
    </div>
  )
}

/** What the caller must hear now, word for word. */
export function Instructions({ triage }: { triage: TriageResult }): ReactNode {
  const { t, i18n } = useTranslation('console')
  if (triage.instructions.length === 0) return null
  return (
    <div className={styles.instructions}>
      <h3>
        <IconVolume size={13} /> {t('intake.readOut')}
      </h3>
      <ol>
        {triage.instructions.map((line) => (
          <li key={line.id}>{inLanguage(line, i18n.language)}</li>
        ))}
      </ol>
    </div>
  )
}

/** Said of every edition that the medical director has not signed. */
export function Unsigned({ protocol }: { protocol: ProtocolView }): ReactNode {
  const { t } = useTranslation('console')
  if (protocol.signed_off !== null) return null
  return (
    <p className={small.unsigned}>
      <IconSignature size={13} aria-hidden /> {t('intake.unsigned')}
    </p>
  )
}
