/** Priority and status: shape, colour and text together, never colour alone. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssignmentState, IncidentState, Priority, UnitState } from '@/lib/events/generated'
import styles from './marks.module.css'
import { useNow, clockTime, duration } from './time'
import { ASSIGNMENT_STATE, hueVar, INCIDENT_STATE, PRIORITY, SHAPE_PATH, UNIT_STATE, type Hue, type Shape } from './tokens'

export function ShapeMark({ shape, hue, size = 12 }: { shape: Shape; hue: Hue; size?: number }): ReactNode {
  return (
    <svg className={styles.shape} width={size} height={size} viewBox="0 0 16 16" aria-hidden>
      <path d={SHAPE_PATH[shape]} fill={hueVar(hue)} fillRule="evenodd" />
    </svg>
  )
}

export function BrandMark(): ReactNode {
  return <img src="/favicon.svg" width={20} height={20} alt="" />
}

/** 'P1' in its shape; the meaning is in the tooltip. */
export function PriorityBadge({ priority, large = false }: { priority: Priority; large?: boolean }): ReactNode {
  const { t } = useTranslation()
  const { shape, hue } = PRIORITY[priority]
  return (
    <span className={large ? styles.priorityLarge : styles.priority} style={{ color: hueVar(hue) }} title={t(`priority.${priority}`)}>
      <ShapeMark shape={shape} hue={hue} size={large ? 16 : 11} />
      {priority}
    </span>
  )
}

export type StatusOf =
  | { kind: 'incident'; state: IncidentState }
  | { kind: 'assignment'; state: AssignmentState }
  | { kind: 'unit'; state: UnitState }

export function StatusBadge({ of }: { of: StatusOf }): ReactNode {
  const { t } = useTranslation()
  const [token, text] =
    of.kind === 'incident'
      ? [INCIDENT_STATE[of.state], t(`incidentState.${of.state}`)]
      : of.kind === 'assignment'
        ? [ASSIGNMENT_STATE[of.state], t(`assignmentState.${of.state}`)]
        : [UNIT_STATE[of.state], t(`unitState.${of.state}`)]
  return (
    <span className={styles.status} style={{ color: hueVar(token.hue) }}>
      <ShapeMark shape={token.shape} hue={token.hue} size={10} />
      {text}
    </span>
  )
}

interface AgeProps {
  since: string | number
  /** From how many seconds on the age is shown as overdue, and as critical. */
  warnAfterS?: number
  alarmAfterS?: number
}

/** A ticking '3:07' on the server's clock. */
export function Age({ since, warnAfterS = Infinity, alarmAfterS = Infinity }: AgeProps): ReactNode {
  const now = useNow()
  const seconds = now - Math.floor((typeof since === 'number' ? since : Date.parse(since)) / 1000)
  const level = seconds >= alarmAfterS ? styles.ageAlarm : seconds >= warnAfterS ? styles.ageWarn : styles.age
  return <span className={level}>{duration(seconds)}</span>
}

/** A count-down to a deadline: '0:42', then '0:00'. */
export function Countdown({ until }: { until: string }): ReactNode {
  const now = useNow()
  const left = Math.floor(Date.parse(until) / 1000) - now
  return <span className={left <= 10 ? styles.ageAlarm : styles.ageWarn}>{duration(left)}</span>
}

/** A moment in WITA, '14:03:27'. */
export function Time({ at }: { at: string | null }): ReactNode {
  return <time dateTime={at ?? undefined}>{at === null ? '–' : clockTime(at)}</time>
}

/** The key that does what the button does. */
export function KeyHint({ children }: { children: string }): ReactNode {
  return (
    <kbd className={styles.key} aria-hidden>
      {children}
    </kbd>
  )
}
