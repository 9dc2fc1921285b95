/** The one light: whether the screen is live, how old its data is, what is away and what still works. */
import { UnstyledButton } from '@mantine/core'
import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection, type ConnectionView, type Part, type Status } from '@/lib/store'
import { Later } from './Later'
import { ShapeMark } from './marks'
import styles from './shell.module.css'
import { duration, shortTime, useNow } from './time'
import { hueVar, type Token } from './tokens'

const LightPanel = lazy(() => import('./LightPanel'))

const LIGHT: Readonly<Record<Status | 'partly', Token>> = {
  live: { shape: 'circle', hue: 'ready' },
  partly: { shape: 'half', hue: 'high' },
  stale: { shape: 'triangle', hue: 'high' },
  offline: { shape: 'cross', hue: 'critical' },
  connecting: { shape: 'hourglass', hue: 'quiet' },
}

/** 'pbx:main' → 'pbx'. */
type PartKind = 'pbx' | 'database' | 'bus' | 'other'
const kindOf = (part: Part): PartKind => {
  const name = part.part.split(':')[0]
  return name === 'pbx' || name === 'database' || name === 'bus' ? name : 'other'
}

export function ConnectionLight(): ReactNode {
  const { t } = useTranslation()
  const connection = useConnection()
  const away = connection.parts.filter((part) => !part.ok)
  const firstAway = away[0]
  const partly = connection.status === 'live' && firstAway !== undefined
  const token = LIGHT[partly ? 'partly' : connection.status]
  const word = partly
    ? t('connection.partAway', { part: t(`connection.part.${kindOf(firstAway)}`, { part: firstAway.part }) })
    : t(`connection.${connection.status}`)
  const light = (
    <UnstyledButton className={styles.light} data-status={connection.status} aria-live="polite">
      <ShapeMark {...token} size={11} />
      <span style={{ color: hueVar(token.hue) }}>{word}</span>
      <DataAge connection={connection} />
    </UnstyledButton>
  )
  return (
    <Later fallback={light}>
      <LightPanel light={light}>
        <Parts connection={connection} away={away} />
      </LightPanel>
    </Later>
  )
}

/** Shown at a fixed width, so that a growing age moves nothing beside it. */
function DataAge({ connection }: { connection: ConnectionView }): ReactNode {
  const { t } = useTranslation()
  const now = useNow()
  if (connection.dataAt === null) return <span className={styles.dataAge}>{t('connection.noData')}</span>
  const age = duration(now - connection.dataAt / 1000)
  return <span className={styles.dataAge}>{t('connection.dataAge', { age })}</span>
}

function Parts({ connection, away }: { connection: ConnectionView; away: readonly Part[] }): ReactNode {
  const { t } = useTranslation()
  const { status } = connection
  /** While nothing is heard of the server, nothing is known of its parts. */
  const known = status === 'live'
  return (
    <>
      <strong>{t('connection.heading')}</strong>
      <ul className={styles.parts}>
        <li>
          <ShapeMark {...LIGHT[status]} />
          {t('connection.server')}: {t(`connection.${status}`)}
        </li>
        {connection.parts.map((part) => (
          <li key={part.part}>
            <ShapeMark {...LIGHT[!known ? 'connecting' : part.ok ? 'live' : 'offline']} />
            {t(`connection.part.${kindOf(part)}`, { part: part.part })}:{' '}
            {!known && t('unknown')}
            {known && (part.ok ? t('connection.ok') : t('connection.away', { time: shortTime(part.since) }))}
            {part.detail !== '' && <span className={styles.dim}> · {part.detail}</span>}
          </li>
        ))}
      </ul>
      <strong>{t('connection.works')}</strong>
      <p>{connection.refused && t('connection.refused')}</p>
      {(status === 'offline' || status === 'stale') && <p>{t(`connection.still.${status}`)}</p>}
      {away.map((part) => (
        <p key={part.part}>{t(`connection.still.${kindOf(part)}`)}</p>
      ))}
      {status === 'live' && away.length === 0 && <p>{t('connection.allWorks')}</p>}
    </>
  )
}
