/** How the PBX sees one's desk (ready, paused and why, signed out), and the buttons that ask it to change that. */
import { Button, Menu } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { desks, type DeskAct } from '@/lib/api'
import type { AgentView } from '@/lib/events/generated'
import { noteAsked, useDeskOptions } from '@/lib/pbx'
import { agentAt, useLive } from '@/lib/store'
import { Age, Countdown, KeyHint, ShapeMark, useCommand, type Token } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS, useKeys } from '../keys'

export function DeskControl({ seat }: { seat: string }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const agent = useLive((state) => agentAt(state, seat))
  const options = useDeskOptions()
  const [asking, setAsking] = useState(false)
  const act = useCommand((key, what: DeskAct, reason: string | null) => desks.act(seat, what, reason, { key }), {
    onDone: (requested, what) => noteAsked(what, requested.command_id),
  })
  const member = agent !== null && agent.queues.length > 0
  const away = !member || agent.paused
  const ready = (): void => {
    if (away) void act.run('ready', null)
  }
  useKeys({ ready, pause: () => setAsking(member) })
  return (
    <div className={styles.deskControl}>
      <DeskState agent={agent} wrapUpS={options.wrap_up_s} />
      {away && (
        <Button
          size="compact-sm"
          color="green"
          loading={act.busy}
          onClick={ready}
          leftSection={<IconPlayerPlay className={styles.roomy} size={14} />}
          rightSection={<KeyHint>{KEYS.ready}</KeyHint>}
        >
          {member ? t('desk.goReady') : t('desk.signIn')}
        </Button>
      )}
      {member && (
        <Menu position="bottom-end" width={220} opened={asking} onChange={setAsking}>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              loading={!away && act.busy}
              leftSection={<IconPlayerPause className={styles.roomy} size={14} />}
              rightSection={<KeyHint>{KEYS.pause}</KeyHint>}
            >
              {t('desk.pause')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('desk.why')}</Menu.Label>
            {options.pause_reasons.map((reason) => (
              <Menu.Item key={reason} onClick={() => void act.run('pause', reason)}>
                {t(`common:pauseReason.${reason}` as 'common:pauseReason.break')}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => void act.run('sign_out', null)}>{t('desk.signOut')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

const READY: Token = { shape: 'circle', hue: 'ready' }
const PAUSED: Token = { shape: 'bar', hue: 'high' }
const OUT: Token = { shape: 'cross', hue: 'quiet' }
const BUSY: Token = { shape: 'square', hue: 'moving' }

function DeskState({ agent, wrapUpS }: { agent: AgentView | null; wrapUpS: number }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  if (agent === null || agent.queues.length === 0) {
    return <State token={OUT}>{t(agent === null ? 'desk.unknown' : 'desk.signedOut')}</State>
  }
  if (agent.paused) return <Paused agent={agent} wrapUpS={wrapUpS} />
  if (agent.device === 'unavailable') return <State token={OUT}>{t('desk.phoneOff')}</State>
  return agent.device === 'idle' || agent.device === 'unknown' ? (
    <State token={READY}>{t('desk.ready')}</State>
  ) : (
    <State token={BUSY}>{t(`common:device.${agent.device}` as 'common:device.idle')}</State>
  )
}

/** The centre's own reasons explain themselves: what has to be done so that calls come again. */
const WHY = { missed_ring: 'desk.missedRing', wrap_up: 'desk.wrapUp' } as const

function Paused({ agent, wrapUpS }: { agent: AgentView; wrapUpS: number }): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  const reason = agent.pause_reason ?? ''
  const known = i18n.exists(`common:pauseReason.${reason}`)
  const since = agent.paused_at ?? agent.changed_at
  const ends = reason === 'wrap_up' && wrapUpS > 0
  const why = reason === 'missed_ring' || reason === 'wrap_up' ? t(WHY[reason]) : ''
  return (
    <State token={PAUSED} title={why}>
      {known ? t(`common:pauseReason.${reason}` as 'common:pauseReason.break') : reason || t('desk.pause')}{' '}
      {ends ? <Countdown until={new Date(Date.parse(since) + wrapUpS * 1000).toISOString()} /> : <Age since={since} />}
    </State>
  )
}

function State({ token, title = '', children }: { token: Token; title?: string; children: ReactNode }): ReactNode {
  return (
    <span className={styles.deskState} title={title} role="status">
      <ShapeMark {...token} />
      <b>{children}</b>
    </span>
  )
}
