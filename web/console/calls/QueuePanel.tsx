/** Who waits, and who gave up before an answer and must be called back. */
import { Button, Menu, SegmentedControl } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calls } from '@/lib/api'
import type { CallDisposition, CallView } from '@/lib/events/generated'
import { lostCalls, useLive, waitingCalls } from '@/lib/store'
import { Age, EmptyState, Panel, ShapeMark, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { Ani } from './Ani'

/** NENA-STA-020: 90% answered within 15 s, 95% within 20 s. */
const ANSWER_GOAL_S = 15
const ANSWER_LATE_S = 20

export function QueuePanel(): ReactNode {
  const { t } = useTranslation('console')
  const loaded = useLive((state) => state.loaded)
  const waiting = useLive(waitingCalls)
  const lost = useLive(lostCalls)
  const [tab, setTab] = useState<'waiting' | 'lost'>('waiting')
  const shown = tab === 'waiting' ? waiting : lost
  return (
    <Panel
      className={styles.queue}
      title={t('queue.title')}
      actions={
        <SegmentedControl
          size="xs"
          value={tab}
          onChange={(value) => setTab(value === 'lost' ? 'lost' : 'waiting')}
          data={[
            { value: 'waiting', label: t('queue.waiting', { n: loaded ? waiting.length : '–' }) },
            { value: 'lost', label: t('queue.lost', { n: loaded ? lost.length : '–' }) },
          ]}
        />
      }
    >
      {shown.length === 0 && (
        <EmptyState loaded={loaded}>{tab === 'waiting' ? t('queue.nobody') : t('queue.noneLost')}</EmptyState>
      )}
      {tab === 'waiting'
        ? waiting.map((call) => <WaitingRow key={call.id} call={call} />)
        : lost.map((call) => <LostRow key={call.id} call={call} />)}
    </Panel>
  )
}

function WaitingRow({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation()
  const { seat } = useDesk()
  const mine = call.state === 'ringing' && call.agent === seat
  return (
    <div className={mine ? styles.callRowMine : styles.callRow}>
      <ShapeMark shape={call.state === 'ringing' ? 'half' : 'ring'} hue={mine ? 'critical' : 'high'} />
      <Ani call={call} />
      <span className={styles.dim}>
        {t(`callState.${call.state}`)}
        {call.state === 'ringing' && call.agent !== null && ` · ${call.agent}`}
      </span>
      <Age since={call.arrived_at} warnAfterS={ANSWER_GOAL_S} alarmAfterS={ANSWER_LATE_S} />
    </div>
  )
}

/** How a call-back can end. */
const LOST_ENDS: readonly CallDisposition[] = ['handled', 'dropped', 'prank', 'accidental', 'silent', 'test']

function LostRow({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const close = useCommand((key, disposition: CallDisposition) => calls.dispose(call.id, disposition, '', { key }))
  return (
    <div className={styles.callRow}>
      <ShapeMark shape="cross" hue="high" />
      <Ani call={call} />
      <span className={styles.dim}>{t('queue.ago')}</span>
      <Age since={call.ended_at ?? call.arrived_at} warnAfterS={120} alarmAfterS={600} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="compact-xs" loading={close.busy} aria-label={t('queue.closeLost')}>
            <IconDots size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('queue.callBack')}</Menu.Label>
          {LOST_ENDS.map((disposition) => (
            <Menu.Item key={disposition} onClick={() => void close.run(disposition)}>
              {t(`common:callDisposition.${disposition}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
