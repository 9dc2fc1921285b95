/** Who is on the incident, and what the dispatcher may enter for a crew that reports by radio. */
import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { assignments, type AssignmentAct } from '@/lib/api'
import type { AssignmentState, AssignmentView } from '@/lib/events/generated'
import { isActive, useLive } from '@/lib/store'
import { Age, Countdown, duration, StatusBadge, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import type { Shown } from './IncidentPanel'
import { ReasonDialog } from './ReasonDialog'

/** What may follow by radio; the server has the last word. */
const NEXT: Readonly<Partial<Record<AssignmentState, readonly AssignmentAct[]>>> = {
  offered: ['accept', 'decline'],
  accepted: ['depart', 'arrive', 'clear'],
  en_route: ['arrive', 'clear'],
  on_scene: ['transport', 'clear'],
  transporting: ['reach_facility', 'clear'],
  at_facility: ['clear'],
}

export function Assignments({ shown }: { shown: Shown }): ReactNode {
  const { t } = useTranslation('console')
  if (shown.assignments.length === 0) {
    return <p className={styles.noAssignment}>{t('assignment.none')}</p>
  }
  return (
    <div className={styles.assignments}>
      {shown.assignments.map((assignment) => (
        <Row key={assignment.id} assignment={assignment} />
      ))}
    </div>
  )
}

/** Since when the assignment is in its state. */
function since(assignment: AssignmentView): string {
  return (
    assignment.ended_at ??
    assignment.at_facility_at ??
    assignment.transporting_at ??
    assignment.on_scene_at ??
    assignment.en_route_at ??
    assignment.accepted_at ??
    assignment.offered_at
  )
}

function Row({ assignment }: { assignment: AssignmentView }): ReactNode {
  const { t } = useTranslation('console')
  const unit = useLive((state) => state.units[assignment.unit_id] ?? null)
  const active = isActive(assignment)
  return (
    <div className={active ? styles.assignment : styles.assignmentEnded}>
      <b className={styles.callsign}>{unit?.callsign ?? assignment.unit_id}</b>
      <StatusBadge of={{ kind: 'assignment', state: assignment.state }} />
      {assignment.state === 'offered' ? (
        <Countdown until={assignment.offer_expires_at} />
      ) : (
        active && <Age since={since(assignment)} />
      )}
      <span className={styles.reasons}>
        {assignment.travel_s !== null && active && t('assignment.estimated', { time: duration(assignment.travel_s) })}
        {assignment.end_reason}
        {assignment.override_reason !== null && ` ${t('assignment.override', { reason: assignment.override_reason })}`}
      </span>
      {active && <RadioMenu assignment={assignment} callsign={unit?.callsign ?? assignment.unit_id} />}
    </div>
  )
}

function RadioMenu({ assignment, callsign }: { assignment: AssignmentView; callsign: string }): ReactNode {
  const { t } = useTranslation('console')
  const [asking, setAsking] = useState<AssignmentAct | null>(null)
  const command = useCommand((key, act: AssignmentAct, reason?: string) =>
    assignments.act(assignment.id, act, reason, { key }),
  )
  const takeBack: AssignmentAct = assignment.state === 'offered' ? 'withdraw' : 'cancel'
  const start = (act: AssignmentAct): void => {
    if (act === 'decline' || act === 'withdraw' || act === 'cancel') setAsking(act)
    else void command.run(act)
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-xs" variant="default" loading={command.busy} aria-label={t('assignment.menu', { callsign })}>
            <IconDots size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('assignment.byRadio')}</Menu.Label>
          {(NEXT[assignment.state] ?? []).map((act) => (
            <Menu.Item key={act} onClick={() => start(act)}>
              {t(`assignment.act.${act}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item color="alert" onClick={() => start(takeBack)}>
            {t(`assignment.act.${takeBack}`)}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ReasonDialog
        title={asking === null ? '' : `${callsign}: ${t(`assignment.act.${asking}`)}`}
        label={t('reason.why')}
        presets={[t('reason.notNeeded'), t('reason.closerUnit'), t('reason.brokenDown')]}
        opened={asking !== null}
        busy={command.busy}
        onClose={() => setAsking(null)}
        onReason={(reason) => {
          const act = asking
          setAsking(null)
          if (act !== null) void command.run(act, reason)
        }}
      />
    </>
  )
}
