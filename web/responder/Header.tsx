/** Callsign, theme and menu; below them the connection, the position and what still waits to be sent. */
import { UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconClockPause, IconCurrentLocation, IconCurrentLocationOff, IconHistory, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BrandMark, ConnectionLight, duration, useNow, UserMenu } from '@/lib/ui'
import styles from './responder.module.css'
import type { Track } from './tracker'
import type { Crew } from './useCrew'

interface HeaderProps {
  crew: Crew
  track: Track | null
  /** The unit is on duty, so its position is shared. */
  sharing: boolean
  /** Commands that have not arrived yet. */
  waiting: number
}

export function Header({ crew, track, sharing, waiting }: HeaderProps): ReactNode {
  const { t } = useTranslation('responder')
  return (
    <header className={styles.header}>
      <div className={styles.headRow}>
        <BrandMark />
        <span className={styles.callsign}>
          <b>{crew.unit?.callsign ?? t('app', { ns: 'common' })}</b>
          <span>{crew.unit?.station}</span>
        </span>
        <ThemeButton />
        <span className={styles.menu}>
          <UserMenu user={crew.user} />
        </span>
      </div>
      <div className={styles.headRow}>
        <ConnectionLight />
        {sharing && track !== null && <PositionLine track={track} />}
      </div>
      {!crew.loaded && crew.unit !== null && (
        <div className={styles.waiting} role="status">
          <IconHistory size={18} aria-hidden />
          {t('remembered')}
        </div>
      )}
      {waiting > 0 && (
        <div className={styles.waiting} role="status">
          <IconClockPause size={18} aria-hidden />
          {t('waiting', { count: waiting })}
        </div>
      )}
    </header>
  )
}

/** Sun and night are one touch apart. */
function ThemeButton(): ReactNode {
  const { t } = useTranslation()
  const dark = useComputedColorScheme('dark') === 'dark'
  const { setColorScheme } = useMantineColorScheme()
  const next = dark ? 'light' : 'dark'
  return (
    <UnstyledButton className={styles.iconButton} aria-label={t(`themeName.${next}`)} onClick={() => { setColorScheme(next) }}>
      {dark ? <IconSun size={24} /> : <IconMoon size={24} />}
    </UnstyledButton>
  )
}

function PositionLine({ track }: { track: Track }): ReactNode {
  const { t } = useTranslation('responder')
  const now = useNow()
  const { last, sentAt, problem } = track
  if (problem !== null || last === null) {
    return (
      <span className={styles.position} data-bad={problem !== null || undefined}>
        <IconCurrentLocationOff size={17} aria-hidden />
        {t(problem === null ? 'position.searching' : `position.${problem}`)}
      </span>
    )
  }
  const sent = sentAt === null ? t('position.notSent') : t('position.sent', { age: duration(now - sentAt / 1000) })
  return (
    <span className={styles.position}>
      <IconCurrentLocation size={17} aria-hidden />
      {t('position.accuracy', { metres: last.accuracy_m })} · {sent}
    </span>
  )
}
