import { ActionIcon, Button } from '@mantine/core'
import { IconBellRinging, IconBellZ } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { alarms } from '@/lib/api'
import type { AlarmView } from '@/lib/events/generated'
import { openAlarms, useLive } from '@/lib/store'
import { Age, EmptyState, KeyHint, Panel, shortTime, useAlarmText, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { ReasonDialog } from '../incident/ReasonDialog'
import { KEYS, useKeys } from '../keys'

/** What went wrong and waits for somebody to take it up. */
export function AlarmsPanel(): ReactNode {
  const { t } = useTranslation('console')
  const loaded = useLive((state) => state.loaded)
  const open = useLive(openAlarms)
  const desk = useDesk()
  const acknowledge = useCommand((key, id: string) => alarms.acknowledge(id, { key }))
  const incidents = useLive((state) => state.incidents)
  const takeUp = (alarm: AlarmView): void => {
    const incident = alarm.incident_id === null ? undefined : incidents[alarm.incident_id]
    if (incident !== undefined) desk.select(incident)
    void acknowledge.run(alarm.id)
  }
  useKeys({
    alarm: () => {
      const first = open[0]
      if (first !== undefined) takeUp(first)
    },
  })
  return (
    <Panel className={styles.alarms} title={t('alarms.title')} count={loaded ? open.length : null}>
      {open.length === 0 && <EmptyState loaded={loaded}>{t('alarms.none')}</EmptyState>}
      <div role="log" aria-live="assertive">
        {open.map((alarm, index) => (
          <AlarmRow key={alarm.id} alarm={alarm} first={index === 0} busy={acknowledge.busy} onTakeUp={() => takeUp(alarm)} />
        ))}
      </div>
    </Panel>
  )
}

interface RowProps {
  alarm: AlarmView
  first: boolean
  busy: boolean
  onTakeUp: () => void
}

function AlarmRow({ alarm, first, busy, onTakeUp }: RowProps): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const number = useLive((state) => (alarm.incident_id === null ? null : state.incidents[alarm.incident_id]?.number))
  const callsign = useLive((state) => (alarm.unit_id === null ? null : state.units[alarm.unit_id]?.callsign))
  const text = useAlarmText(alarm)
  const about = [callsign, number].filter((part) => part != null).join(' · ')
  return (
    <div className={styles.alarm} data-level={alarm.snoozed_until === null ? alarm.level : undefined}>
      <IconBellRinging size={14} />
      <span className={styles.alarmText} title={text}>
        <b>{t(`common:alarmKind.${alarm.kind}`)}</b> {about || text}
        {alarm.snoozed_until !== null && (
          <small> · {t('alarms.snoozed', { until: shortTime(alarm.snoozed_until), reason: alarm.snooze_reason ?? '' })}</small>
        )}
      </span>
      <Age since={alarm.raised_at} />
      <Button
        size="compact-xs"
        variant="default"
        disabled={busy}
        onClick={onTakeUp}
        rightSection={first ? <KeyHint>{KEYS.alarm}</KeyHint> : undefined}
      >
        {t('alarms.take')}
      </Button>
      <Snooze alarm={alarm} />
    </div>
  )
}

/** Long enough for a crew to answer, short enough that nobody forgets. */
const SNOOZE_MIN = 5

function Snooze({ alarm }: { alarm: AlarmView }): ReactNode {
  const { t } = useTranslation('console')
  const [asking, setAsking] = useState(false)
  const snooze = useCommand((key, reason: string) => alarms.snooze(alarm.id, SNOOZE_MIN, reason, { key }), {
    onDone: () => setAsking(false),
  })
  const title = t('alarms.snoozeTitle', { minutes: SNOOZE_MIN })
  return (
    <>
      <ActionIcon variant="default" size="sm" aria-label={title} title={title} onClick={() => setAsking(true)}>
        <IconBellZ size={14} />
      </ActionIcon>
      <ReasonDialog
        title={title}
        label={t('reason.why')}
        presets={[t('alarms.waitCrew'), t('alarms.waitCaller'), t('alarms.atWork')]}
        opened={asking}
        busy={snooze.busy}
        onReason={(reason) => void snooze.run(reason)}
        onClose={() => setAsking(false)}
      />
    </>
  )
}
