import { Button } from '@mantine/core'
import { IconBellRinging } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { alarms } from '@/lib/api'
import type { AlarmView } from '@/lib/events/generated'
import { openAlarms, useLive } from '@/lib/store'
import { Age, EmptyState, KeyHint, Panel, useAlarmText, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
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
    <div className={styles.alarm} data-level={alarm.level}>
      <IconBellRinging size={14} />
      <span className={styles.alarmText} title={text}>
        <b>{t(`common:alarmKind.${alarm.kind}`)}</b> {about || text}
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
    </div>
  )
}
