/** Who waits, and who gave up before an answer and must be called back. */
import { SegmentedControl } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallView } from '@/lib/events/generated'
import { lostCalls, useLive, waitingCalls } from '@/lib/store'
import { Age, EmptyState, Panel, ShapeMark } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { Ani } from './Ani'
import { CallBackKey, Callbacks } from './Callbacks'
import { RuleMark } from './History'

/** NENA-STA-020: 90% answered within 15 s, 95% within 20 s. */
const ANSWER_GOAL_S = 15
const ANSWER_LATE_S = 20

export function QueuePanel(): ReactNode {
  const { t } = useTranslation('console')
  const loaded = useLive((state) => state.loaded)
  const waiting = useLive(waitingCalls)
  const lost = useLive(lostCalls)
  const [tab, setTab] = useState<'waiting' | 'lost'>('waiting')
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
      <CallBackKey />
      {tab === 'waiting' && waiting.length === 0 && <EmptyState loaded={loaded}>{t('queue.nobody')}</EmptyState>}
      {tab === 'waiting' ? waiting.map((call) => <WaitingRow key={call.id} call={call} />) : <Callbacks />}
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
      <RuleMark call={call} />
      <span className={styles.dim}>
        {t(`callState.${call.state}`)}
        {call.state === 'ringing' && call.agent !== null && ` · ${call.agent}`}
      </span>
      <Age since={call.arrived_at} warnAfterS={ANSWER_GOAL_S} alarmAfterS={ANSWER_LATE_S} />
    </div>
  )
}
