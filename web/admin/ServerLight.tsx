import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { clockTime, ShapeMark } from '@/lib/ui'
import styles from './admin.module.css'
import { useReach } from './server'

const LIGHT = {
  live: { shape: 'circle', hue: 'ready' },
  offline: { shape: 'cross', hue: 'critical' },
  connecting: { shape: 'hourglass', hue: 'quiet' },
} as const

/** Whether the server answers, and if not, since when and what still works. */
export function ServerLight(): ReactNode {
  const { t } = useTranslation('admin')
  const { status, at } = useReach()
  const since = status === 'offline' && at !== null ? t('light.since', { time: clockTime(at) }) : ''
  return (
    <span className={styles.state} role="status" title={status === 'offline' ? t('light.still') : undefined}>
      <ShapeMark {...LIGHT[status]} size={11} />
      {t(`light.${status}`)} {since}
    </span>
  )
}
