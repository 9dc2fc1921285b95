/** The frame of every face: name, clock, connection light, user menu; below it the face itself. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '@/lib/events/generated'
import { useStatus, type Status } from '@/lib/store'
import { ConnectionLight } from './ConnectionLight'
import { BrandMark } from './marks'
import styles from './shell.module.css'
import { clockTime, dayOf, useNow } from './time'
import { UserMenu } from './UserMenu'

interface ShellProps {
  user: UserView | null
  /** What the face adds to the header, e.g. the desk picker or counters. */
  header?: ReactNode
  /** In place of the connection light, where a face has no live connection. */
  light?: { status: Status; shown: ReactNode }
  children: ReactNode
}

export function Shell({ user, header, light, children }: ShellProps): ReactNode {
  const { t } = useTranslation()
  const status = useStatus()
  return (
    <div className={styles.shell} data-status={light?.status ?? status}>
      <header className={styles.header}>
        <span className={styles.brand}>
          <BrandMark />
          <b>{t('app')}</b>
          <span className={styles.centre}>{t('centreShort')}</span>
        </span>
        <WitaClock />
        <div className={styles.headerMiddle}>{header}</div>
        {light === undefined ? <ConnectionLight /> : light.shown}
        <UserMenu user={user} />
      </header>
      <main className={styles.main}>{children}</main>
    </div>
  )
}

export function WitaClock(): ReactNode {
  const { i18n } = useTranslation()
  const now = useNow() * 1000
  return (
    <span className={styles.clock}>
      <b>{clockTime(now)}</b> WITA <span className={styles.day}>{dayOf(now, i18n.language)}</span>
    </span>
  )
}
