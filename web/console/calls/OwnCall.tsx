/** The call at this desk: who, how long, what was said, what the number did before, and how it ends. */
import { Button, Tooltip } from '@mantine/core'
import { IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calls } from '@/lib/api'
import type { CallDisposition, CallView } from '@/lib/events/generated'
import { useLive } from '@/lib/store'
import { Age, KeyHint, Panel, shortTime, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { KEYS, useKeys } from '../keys'
import { ringingAt } from '../select'
import { Ani } from './Ani'

/** The dispositions with a key of their own, in the order of their use. */
const DISPOSITIONS = ['handled', 'prank', 'ghost', 'silent', 'accidental', 'test', 'information'] as const satisfies
  readonly CallDisposition[]

/** An answered call that talks longer than this is looked at by the supervisor. */
const LONG_TALK_S = 600

export function OwnCall({ call, onDisposed }: { call: CallView | null; onDisposed: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const { seat } = useDesk()
  const ringing = useLive((state) => ringingAt(state.calls, seat))
  const shown = call ?? ringing
  return (
    <Panel className={styles.own} title={t('own.title')} actions={shown !== null && <OwnState call={shown} />}>
      {shown === null ? (
        <div className={styles.ownIdle}>{seat === null ? t('own.noSeat') : t('own.idle', { extension: seat })}</div>
      ) : (
        <OwnCard key={shown.id} call={shown} ringing={ringing} onDisposed={onDisposed} />
      )}
    </Panel>
  )
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
      <History call={call} />
      <Transcript call={call} />
      <Dispose call={call} onDisposed={onDisposed} />
    </div>
  )
}

/** What is known of the number: how often it called, and how those calls ended. */
function History({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const { select } = useDesk()
  const { data, isError } = useQuery({
    queryKey: ['history', call.id],
    queryFn: ({ signal }) => calls.history(call.id, { signal }),
  })
  const name = call.caller_name !== null && <b>{call.caller_name}</b>
  if (data === undefined) {
    return (
      <div className={styles.history}>
        {name} {isError ? t('common:notLoaded') : t('common:loading')}
      </div>
    )
  }
  const { earlier_calls, earlier_incidents, earlier_total } = data
  if (earlier_total === 0 && earlier_incidents.length === 0) {
    return (
      <div className={styles.history}>
        {name} {t('own.first')}
      </div>
    )
  }
  const pranks = earlier_calls.filter((earlier) => earlier.disposition === 'prank').length
  const incident = earlier_incidents[0]
  const lines = earlier_calls.slice(0, 10).map((earlier) => (
    <div key={earlier.id}>
      {shortTime(earlier.arrived_at)} ·{' '}
      {earlier.disposition === null
        ? t(`common:callState.${earlier.state}`)
        : t(`common:callDisposition.${earlier.disposition}`)}
    </div>
  ))
  return (
    <div className={styles.history}>
      {name}
      <Tooltip label={<>{lines}</>} disabled={lines.length === 0}>
        <span>
          {t('own.earlier', { count: earlier_total })}
          {pranks > 0 && <b className={styles.warn}> · {t('own.pranks', { count: pranks })}</b>}
        </span>
      </Tooltip>
      {incident !== undefined && (
        <button type="button" className={styles.linkButton} onClick={() => select(incident)}>
          {incident.number} {t(`common:incidentState.${incident.state}`)}
        </button>
      )}
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

function Dispose({ call, onDisposed }: { call: CallView; onDisposed: () => void }): ReactNode {
  const { t } = useTranslation()
  const dispose = useCommand(
    (key, disposition: CallDisposition) => calls.dispose(call.id, disposition, '', { key }),
    { onDone: onDisposed },
  )
  const possible = call.state !== 'ringing'
  /** Over, and it became an incident: one key is left to press. */
  const expected: CallDisposition | null = call.state === 'wrap_up' && call.incident_id !== null ? 'handled' : null
  const act = (disposition: CallDisposition): void => {
    if (possible) void dispose.run(disposition)
  }
  useKeys(Object.fromEntries(DISPOSITIONS.map((disposition) => [disposition, () => act(disposition)])))
  return (
    <div className={styles.dispose}>
      <KeyHint>Alt +</KeyHint>
      {DISPOSITIONS.map((disposition) => (
        <Button
          key={disposition}
          size="compact-xs"
          variant={disposition === (call.disposition ?? expected) ? 'filled' : 'default'}
          disabled={!possible || dispose.busy}
          onClick={() => act(disposition)}
          rightSection={<KeyHint>{KEYS[disposition].replace('Alt+', '')}</KeyHint>}
        >
          {t(`callDisposition.${disposition}`)}
        </Button>
      ))}
    </div>
  )
}
