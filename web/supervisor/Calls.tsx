/** Who waits, and which desks could answer. */
import { IconEar } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentView, CallView, UserView } from '@/lib/events/generated'
import { agentKey, allAgents, useLive, waitingCalls, type LiveState } from '@/lib/store'
import { Age, EmptyState, Panel, readable, ShapeMark, type Token } from '@/lib/ui'
import { DeskMenu, OwnSeat } from './DeskMenu'
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

/** The call that is talked at a desk now. */
const talkingAt = (state: LiveState, agent: AgentView): CallView | null =>
  Object.values(state.calls).find(
    (call) =>
      call.pbx === agent.pbx && call.agent === agent.agent && (call.state === 'answered' || call.state === 'held'),
  ) ?? null

const DEVICE: Readonly<Record<string, Token>> = {
  idle: { shape: 'circle', hue: 'ready' },
  ringing: { shape: 'triangle', hue: 'high' },
  in_use: { shape: 'square', hue: 'moving' },
  busy: { shape: 'square', hue: 'moving' },
  on_hold: { shape: 'half', hue: 'moving' },
}
const AWAY: Token = { shape: 'cross', hue: 'quiet' }
const PAUSED: Token = { shape: 'bar', hue: 'quiet' }

/** How a desk is, in words. */
function useDeskWords(): (agent: AgentView) => string {
  const { t, i18n } = useTranslation(['supervisor', 'common'])
  return (agent) => {
    if (agent.queues.length === 0) return t('signedOut')
    if (!agent.paused) return t(`common:device.${agent.device}` as 'common:device.idle')
    const reason = agent.pause_reason ?? ''
    return i18n.exists(`common:pauseReason.${reason}`)
      ? t(`common:pauseReason.${reason}` as 'common:pauseReason.break')
      : reason || t('paused')
  }
}

function tokenOf(agent: AgentView): Token {
  if (agent.queues.length === 0) return AWAY
  return agent.paused ? PAUSED : (DEVICE[agent.device] ?? AWAY)
}

function Desk({ agent, mine }: { agent: AgentView; mine: string | null }): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const words = useDeskWords()
  const call = useLive((state) => talkingAt(state, agent))
  const heard = call?.monitored_by.join(', ') ?? ''
  return (
    <div className={styles.row}>
      <ShapeMark {...tokenOf(agent)} />
      <b>{agent.agent}</b>
      <span className={styles.grow}>{agent.user_name ?? <span className={styles.dim}>{t('common:deskFree')}</span>}</span>
      {heard !== '' && (
        <span className={styles.dim} title={t('heardBy', { who: heard })}>
          <IconEar size={14} aria-label={t('heardBy', { who: heard })} />
        </span>
      )}
      <span className={styles.dim}>{words(agent)}</span>
      <Age since={agent.paused_at ?? agent.changed_at} />
      <DeskMenu agent={agent} call={call} mine={mine} />
    </div>
  )
}

export function Desks({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation('supervisor')
  const loaded = useLive((state) => state.loaded)
  const agents = useLive(allAgents)
  const mine = agents.find((agent) => agent.user_id === user.id)?.agent ?? user.extension
  return (
    <Panel title={t('desks')} count={loaded ? agents.length : null}>
      <OwnSeat user={user} agents={agents} mine={mine} />
      {agents.length === 0 && <EmptyState loaded={loaded}>{t('noDesks')}</EmptyState>}
      {agents.map((agent) => (
        <Desk key={agentKey(agent)} agent={agent} mine={mine} />
      ))}
    </Panel>
  )
}
