/** The call at this desk: who, how long, what was said, what the number did before, and how it ends. */
import { Button } from '@mantine/core'
import { IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calls } from '@/lib/api'
import type { CallView } from '@/lib/events/generated'
import { agentAt, useLive } from '@/lib/store'
import { Age, KeyHint, Panel, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { KEYS, useKeys } from '../keys'
import { ringingAt } from '../select'
import { Ani } from './Ani'
import { CallActs, CallNews } from './CallActs'
import { Dispose, UndoLast } from './Dispose'
import { History } from './History'

/** An answered call that talks longer than this is looked at by the supervisor. */
const LONG_TALK_S = 600

export function OwnCall({ call, onDisposed }: { call: CallView | null; onDisposed: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const { seat } = useDesk()
  const ringing = useLive((state) => ringingAt(state.calls, seat))
  const shown = call ?? ringing
  return (
    <Panel className={styles.own} title={t('own.title')} actions={shown !== null && <OwnState call={shown} />}>
      {shown === null && <UndoLast />}
      {shown === null ? (
        <div className={styles.ownIdle}>
          {seat === null ? t('own.noSeat') : <Idle seat={seat} />}
          <CallNews call={null} />
        </div>
      ) : (
        <OwnCard key={shown.id} call={shown} ringing={ringing} onDisposed={onDisposed} />
      )}
    </Panel>
  )
}

/** Whether calls will come is what the PBX says of the desk, not what somebody hopes. */
function Idle({ seat }: { seat: string }): ReactNode {
  const { t } = useTranslation('console')
  const agent = useLive((state) => agentAt(state, seat))
  if (agent === null) return t('desk.unknown')
  if (agent.queues.length === 0) return t('own.signedOut')
  if (agent.paused) return t(agent.pause_reason === 'missed_ring' ? 'desk.missedRing' : 'own.paused')
  return agent.device === 'unavailable' ? t('own.phoneOff') : t('own.idle', { extension: seat })
}

function OwnState({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation()
  const since = call.state === 'wrap_up' ? call.ended_at : (call.answered_at ?? call.ringing_at)
  return (
    <span className={styles.ownState} data-state={call.state}>
      {t(`callState.${call.state}`)}{' '}
      <Age since={since ?? call.arrived_at} alarmAfterS={call.state === 'answered' ? LONG_TALK_S : Infinity} />
    </span>
  )
}

interface CardProps {
  call: CallView
  ringing: CallView | null
  onDisposed: () => void
}

function OwnCard({ call, ringing, onDisposed }: CardProps): ReactNode {
  const { t } = useTranslation('console')
  const { seat } = useDesk()
  const talking = call.state === 'answered' || call.state === 'held'
  const answer = useCommand((key, id: string) => calls.answer(id, { key }))
  const hangUp = useCommand((key) => calls.hangUp(call.id, { key }))
  const pickUp = (): void => {
    if (ringing !== null) void answer.run(ringing.id)
  }
  useKeys({
    answer: pickUp,
    hangUp: () => {
      if (talking) void hangUp.run()
    },
  })
  return (
    <div className={styles.ownCard}>
      <div className={styles.ownTop}>
        <div className={styles.ownNumber}>
          <Ani call={{ ...call, caller_name: null }} />
        </div>
        <Button
          color={ringing === null ? undefined : 'green'}
          variant={ringing === null ? 'default' : 'filled'}
          disabled={ringing === null}
          loading={answer.busy}
          onClick={pickUp}
          leftSection={<IconPhone className={styles.roomy} size={14} />}
          rightSection={<KeyHint>{KEYS.answer}</KeyHint>}
        >
          {t('own.answer')}
        </Button>
        <Button
          variant="default"
          disabled={!talking}
          loading={hangUp.busy}
          onClick={() => void hangUp.run()}
          leftSection={<IconPhoneOff className={styles.roomy} size={14} />}
          rightSection={<KeyHint>{KEYS.hangUp}</KeyHint>}
        >
          {t('own.hangUp')}
        </Button>
      </div>
      <CallActs call={call} seat={seat} />
      <CallNews call={call} />
      <History call={call} />
      <Transcript call={call} />
      <Dispose call={call} onDisposed={onDisposed} />
    </div>
  )
}

function Transcript({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation('console')
  const end = useRef<HTMLDivElement>(null)
  const lines = call.transcript
  useEffect(() => {
    // Newer browsers return a promise, which must not pass for a clean-up.
    void end.current?.scrollIntoView({ block: 'nearest' })
  }, [lines.length])
  return (
    <div className={styles.transcript} aria-live="polite">
      {lines.length === 0 && <span className={styles.dim}>{t('own.noTranscript')}</span>}
      {lines.map((line) => (
        <p key={`${line.at}${line.text}`}>
          <b>{line.speaker === 'caller' ? t('own.caller') : t('own.you')}</b> {line.text}
        </p>
      ))}
      <div ref={end} />
    </div>
  )
}
