/** For the wall: the same numbers and map, to be read from across the room; nothing to touch. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LiveMap } from '@/lib/map'
import { allUnits, openIncidents, useLive, useStatus } from '@/lib/store'
import { BrandMark, ConnectionLight, WitaClock } from '@/lib/ui'
import { Alarms } from './Alarms'
import { Queue } from './Calls'
import { Counters } from './Counters'
import { Incidents } from './Incidents'
import styles from './supervisor.module.css'

export function Wallboard(): ReactNode {
  const { t } = useTranslation()
  const status = useStatus()
  const incidents = useLive(openIncidents)
  const units = useLive(allUnits)
  return (
    <div className={styles.wall} data-status={status}>
      <header className={styles.wallHead}>
        <BrandMark />
        <b>{t('centre')}</b>
        <ConnectionLight />
        <WitaClock />
      </header>
      <Counters />
      <div className={styles.wallMap}>
        <LiveMap incidents={incidents} units={units} controls={false} />
      </div>
      <div className={styles.wallRight}>
        <Queue />
        <Alarms />
        <Incidents selectedId={null} />
      </div>
    </div>
  )
}
