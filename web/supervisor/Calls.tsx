/** Who waits, and which desks could answer. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentView, CallView } from '@/lib/events/generated'
import { agentKey, allAgents, useLive, waitingCalls } from '@/lib/store'
import { Age, EmptyState, Panel, readable, ShapeMark, type Token } from '@/lib/ui'
import { WAIT_ALARM_S, WAIT_WARN_S } from './Counters'
import styles from './supervisor.module.css'

function numberOf(call: CallView, words: { withheld: string; none: string }): string {
  if (call.ani !== null) return readable(call.ani)
  return call.ani_withheld ? words.withheld : words.none
}

export function Queue(): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const loaded = useLive((state) => state.loaded)
  const waiting = useLive(waitingCalls)
  const words = { withheld: t('common:number.withheld'), none: t('common:number.none') }
  return (
    <Panel title={t('queue')} count={loaded ? waiting.length : null}>
      {waiting.length === 0 && <EmptyState loaded={loaded}>{t('nobodyWaits')}</EmptyState>}
      {waiting.map((call) => (
        <div key={call.id} className={styles.row}>
          <span className={styles.grow}>{numberOf(call, words)}</span>
          <span className={styles.dim}>{t(`common:callState.${call.state}`)}</span>
          <Age since={call.arrived_at} warnAfterS={WAIT_WARN_S} alarmAfterS={WAIT_ALARM_S} />
        </div>
      ))}
    </Panel>
  )
}

const DEVICE: Readonly<Record<string, Token>> = {
  idle: { shape: 'circle', hue: 'ready' },
  ringing: { shape: 'triangle', hue: 'high' },
  in_use: { shape: 'square', hue: 'moving' },
  busy: { shape: 'square', hue: 'moving' },
  on_hold: { shape: 'half', hue: 'moving' },
}
const AWAY: Token = { shape: 'cross', hue: 'quiet' }
const PAUSED: Token = { shape: 'bar', hue: 'quiet' }

function Desk({ agent }: { agent: AgentView }): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const token = agent.paused ? PAUSED : (DEVICE[agent.device] ?? AWAY)
  const state = agent.paused ? (agent.pause_reason ?? t('paused')) : t(`common:device.${agent.device}` as 'common:device.idle')
  return (
    <div className={styles.row}>
      <ShapeMark {...token} />
      <b>{agent.agent}</b>
      <span className={styles.grow}>{agent.user_name ?? <span className={styles.dim}>{t('common:deskFree')}</span>}</span>
      <span className={styles.dim}>{state}</span>
      <Age since={agent.changed_at} />
    </div>
  )
}

export function Desks(): ReactNode {
  const { t } = useTranslation('supervisor')
  const loaded = useLive((state) => state.loaded)
  const agents = useLive(allAgents)
  return (
    <Panel title={t('desks')} count={loaded ? agents.length : null}>
      {agents.length === 0 && <EmptyState loaded={loaded}>{t('noDesks')}</EmptyState>}
      {agents.map((agent) => (
        <Desk key={agentKey(agent)} agent={agent} />
      ))}
    </Panel>
  )
}
