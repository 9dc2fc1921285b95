/** The centre in numbers; a number that is not known is a dash, never a nought. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { kpis } from '@/lib/api'
import { lostCalls, openIncidents, useLive, waitingCalls } from '@/lib/store'
import { Age, duration, hueVar, PRIORITY, ShapeMark, type Hue } from '@/lib/ui'
import styles from './supervisor.module.css'
import { byPriority, PRIORITIES, unitsByAgency } from './tally'

/** Today's figures change with each call; this often is often enough for the eye. */
const KPI_EVERY_MS = 15_000
/** Seconds of waiting: 90% within 10 s (NFPA 1225-2022), 95% within 20 s (NENA-STA-020.1-2020). */
export const WAIT_WARN_S = 10
export const WAIT_ALARM_S = 20

interface TileProps {
  label: string
  value: ReactNode
  /** Small print below the value. */
  note?: ReactNode
  hue?: Hue | null
}

function Tile({ label, value, note, hue = null }: TileProps): ReactNode {
  return (
    <div className={styles.tile}>
      <span className={styles.tileLabel}>{label}</span>
      <b style={hue === null ? undefined : { color: hueVar(hue) }}>{value}</b>
      <span className={styles.tileNote}>{note}</span>
    </div>
  )
}

const known = (value: number | null | undefined): string => (value == null ? '–' : String(value))
const seconds = (value: number | null | undefined): string => (value == null ? '–' : duration(value))

function CallTiles({ loaded }: { loaded: boolean }): ReactNode {
  const { t } = useTranslation('supervisor')
  const waiting = useLive(waitingCalls)
  const lost = useLive(lostCalls)
  const first = waiting[0]
  return (
    <>
      <Tile
        label={t('tile.waiting')}
        value={loaded ? waiting.length : '–'}
        hue={waiting.length > 0 ? 'high' : null}
        note={loaded && lost.length > 0 ? t('tile.lost', { count: lost.length }) : ''}
      />
      <Tile
        label={t('tile.longest')}
        value={first ? <Age since={first.arrived_at} warnAfterS={WAIT_WARN_S} alarmAfterS={WAIT_ALARM_S} /> : loaded ? '0:00' : '–'}
      />
    </>
  )
}

function TodayTiles(): ReactNode {
  const { t } = useTranslation('supervisor')
  const { data } = useQuery({
    queryKey: ['kpis'],
    queryFn: ({ signal }) => kpis.today({ signal }),
    refetchInterval: KPI_EVERY_MS,
  })
  return (
    <>
      <Tile
        label={t('tile.answered')}
        value={known(data?.calls_answered)}
        note={t('tile.answeredNote', { abandoned: known(data?.calls_abandoned), p90: seconds(data?.answer_p90_s) })}
      />
      <Tile
        label={t('tile.response')}
        value={seconds(data?.response_p50_s)}
        note={t('tile.responseNote', { dispatch: seconds(data?.dispatch_p50_s) })}
      />
    </>
  )
}

function IncidentTile({ loaded }: { loaded: boolean }): ReactNode {
  const { t } = useTranslation('supervisor')
  const open = useLive(openIncidents)
  const counts = byPriority(open)
  return (
    <Tile
      label={t('tile.incidents')}
      value={loaded ? open.length : '–'}
      note={
        <span className={styles.priorities}>
          {PRIORITIES.map((priority) => (
            <span key={priority} data-none={counts[priority] === 0 || undefined}>
              <ShapeMark {...PRIORITY[priority]} size={10} />
              {priority} <b>{counts[priority]}</b>
            </span>
          ))}
        </span>
      }
    />
  )
}

function UnitTile({ loaded }: { loaded: boolean }): ReactNode {
  const { t } = useTranslation('supervisor')
  const units = useLive((state) => state.units)
  const { all } = unitsByAgency(Object.values(units))
  return (
    <Tile
      label={t('tile.units')}
      value={loaded ? all.available : '–'}
      hue={loaded && all.available === 0 ? 'critical' : null}
      note={loaded ? t('tile.unitsNote', { committed: all.committed, out: all.out }) : ''}
    />
  )
}

export function Counters(): ReactNode {
  const { t } = useTranslation('supervisor')
  const loaded = useLive((state) => state.loaded)
  return (
    <section className={styles.counters} aria-label={t('tile.heading')}>
      <CallTiles loaded={loaded} />
      <TodayTiles />
      <IncidentTile loaded={loaded} />
      <UnitTile loaded={loaded} />
    </section>
  )
}
