/** What went wrong and waits for somebody to take it up. */
import { Button } from '@mantine/core'
import { IconBellRinging } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { alarms } from '@/lib/api'
import type { AlarmView } from '@/lib/events/generated'
import { openAlarms, useLive } from '@/lib/store'
import { Age, EmptyState, Panel, shortTime, useAlarmText, useCommand } from '@/lib/ui'
import styles from './supervisor.module.css'

interface AlarmsProps {
  /** Without it the panel is for looking only. */
  onSelect?: (incidentId: string) => void
}

export function Alarms({ onSelect }: AlarmsProps): ReactNode {
  const { t } = useTranslation('supervisor')
  const loaded = useLive((state) => state.loaded)
  const open = useLive(openAlarms)
  return (
    <Panel className={styles.alarms} title={t('alarms')} count={loaded ? open.length : null}>
      {open.length === 0 && <EmptyState loaded={loaded}>{t('noAlarms')}</EmptyState>}
      <div role="log" aria-live="assertive">
        {open.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} onSelect={onSelect} />
        ))}
      </div>
    </Panel>
  )
}

function AlarmRow({ alarm, onSelect }: { alarm: AlarmView; onSelect: AlarmsProps['onSelect'] }): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const text = useAlarmText(alarm)
  const acknowledge = useCommand((key) => alarms.acknowledge(alarm.id, { key }))
  const { incident_id } = alarm
  return (
    <div className={styles.alarm} data-level={alarm.level}>
      <IconBellRinging size={16} aria-hidden />
      <button
        type="button"
        className={styles.alarmText}
        title={text}
        disabled={incident_id === null || onSelect === undefined}
        onClick={() => { if (incident_id !== null) onSelect?.(incident_id) }}
      >
        <b>{t(`common:alarmKind.${alarm.kind}`)}</b>
        <span>{text}</span>
        {alarm.snoozed_until !== null && (
          <small>{t('snoozed', { until: shortTime(alarm.snoozed_until), reason: alarm.snooze_reason ?? '' })}</small>
        )}
      </button>
      <Age since={alarm.raised_at} alarmAfterS={60} />
      {onSelect !== undefined && (
        <Button variant="default" loading={acknowledge.busy} onClick={() => void acknowledge.run()}>
          {t('take')}
        </Button>
      )}
    </div>
  )
}
