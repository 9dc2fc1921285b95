/** One key says what a call was, one takes it back; a silent caller is led by the same key, step by step. */
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/lib/api'
import { care, type SilentStep } from '@/lib/api/care'
import type { CallDisposition, CallView } from '@/lib/events/generated'
import { KeyHint, readable, ShapeMark, showDone, useCommand, useNow } from '@/lib/ui'
import console from '../console.module.css'
import { ReasonDialog } from '../incident/ReasonDialog'
import { KEYS, useKeys } from '../keys'
import { listenLeft, nextSilentStep } from './care'
import styles from './care.module.css'
import { useLoad } from './useLoad'

/** The dispositions with a key of their own, in the order of their use. */
const DISPOSITIONS = ['handled', 'prank', 'ghost', 'silent', 'accidental', 'test', 'information'] as const satisfies
  readonly CallDisposition[]

/** As the server's own setting until that is known. */
const LISTEN_S = 8

export function Dispose({ call, onDisposed }: { call: CallView; onDisposed: () => void }): ReactNode {
  const { t } = useTranslation(['common', 'calls'])
  const [whySilent, setWhySilent] = useState(false)
  const undo = useUndo()
  const dispose = useCommand(
    (key, disposition: CallDisposition, note: string) => care.dispose(call.id, disposition, note, { key }),
    {
      onDone: (closed, disposition) => {
        setWhySilent(false)
        undo.remember(closed, t(`callDisposition.${disposition}`))
        onDisposed()
      },
      onError: (error) => {
        const silent = error instanceof ApiError && (error.text('reason') ?? '').startsWith('silent_')
        if (silent) setWhySilent(true)
        return silent
      },
    },
  )
  const lead = useCommand((key, step: SilentStep) => care.silentStep(call.id, step, { key }))
  const possible = call.state !== 'ringing'
  const talking = call.state === 'answered' || call.state === 'held'
  const step = talking && call.disposition === null ? nextSilentStep(call) : null
  /** Over, and it became an incident: one key is left to press. */
  const expected: CallDisposition | null = call.state === 'wrap_up' && call.incident_id !== null ? 'handled' : null
  const act = (disposition: CallDisposition): void => {
    if (!possible) return
    if (disposition === 'silent' && step !== null) void lead.run(step)
    else void dispose.run(disposition, '')
  }
  useKeys({
    ...Object.fromEntries(DISPOSITIONS.map((disposition) => [disposition, () => act(disposition)])),
    undo: () => undo.run(call),
  })
  return (
    <>
      {call.silent_asked_at !== null && call.disposition === null && (
        <SilentGuide call={call} onWhy={() => setWhySilent(true)} />
      )}
      <div className={console.dispose}>
        <KeyHint>Alt +</KeyHint>
        {DISPOSITIONS.map((disposition) => (
          <Button
            key={disposition}
            size="compact-xs"
            variant={disposition === (call.disposition ?? expected) ? 'filled' : 'default'}
            disabled={!possible || dispose.busy || lead.busy}
            onClick={() => act(disposition)}
            rightSection={<KeyHint>{KEYS[disposition].replace('Alt+', '')}</KeyHint>}
          >
            {disposition === 'silent' && step !== null ? t(`calls:silent.do.${step}`) : t(`callDisposition.${disposition}`)}
          </Button>
        ))}
      </div>
      <ReasonDialog
        title={t('calls:silent.whyTitle')}
        label={call.digits === '' ? t('calls:silent.why') : t('calls:silent.whyDigits', { digits: call.digits })}
        presets={[t('calls:silent.preset.child'), t('calls:silent.preset.pocket')]}
        opened={whySilent}
        busy={dispose.busy}
        onReason={(reason) => void dispose.run('silent', reason)}
        onClose={() => setWhySilent(false)}
      />
    </>
  )
}

/** What this desk closed last, so that one key takes it back also when the call has left the screen. */
let lastClosed: string | null = null

function useUndo(): { remember: (call: CallView, what: string) => void; run: (call: CallView) => void } {
  const { t } = useTranslation('calls')
  const undo = useCommand((key, id: string) => care.undo(id, { key }), { onDone: () => showDone(t('undo.done')) })
  return {
    remember: (call, what) => {
      lastClosed = call.id
      const label = `${t('undo.act')} (${KEYS.undo})`
      const number = call.ani === null ? '' : readable(call.ani)
      showDone(t('undo.closed', { what, number }).trim(), { label, run: () => void undo.run(call.id) })
    },
    run: (call) => {
      const id = call.disposition === null ? lastClosed : call.id
      if (id !== null) void undo.run(id)
    },
  }
}

/** Undoes what was closed last while no call is at the desk. */
export function UndoLast(): ReactNode {
  const { t } = useTranslation('calls')
  const undo = useCommand((key, id: string) => care.undo(id, { key }), { onDone: () => showDone(t('undo.done')) })
  useKeys({
    undo: () => {
      if (lastClosed !== null) void undo.run(lastClosed)
    },
  })
  return null
}

const STEPS: readonly SilentStep[] = ['ask', 'listen', 'callback']
const DONE_AT = {
  ask: 'silent_asked_at',
  listen: 'silent_listened_at',
  callback: 'silent_callback_at',
} as const satisfies Record<SilentStep, keyof CallView>

/** What to say and to wait for; the keys that the caller presses are shown large. */
function SilentGuide({ call, onWhy }: { call: CallView; onWhy: () => void }): ReactNode {
  const { t } = useTranslation('calls')
  const now = useNow()
  const left = listenLeft(call, now, useLoad().data?.listen_s ?? LISTEN_S)
  const next = nextSilentStep(call)
  return (
    <div className={styles.silent} role="status">
      <div className={styles.steps}>
        {STEPS.map((step) => (
          <span key={step} data-now={step === next || undefined}>
            <ShapeMark shape={call[DONE_AT[step]] !== null ? 'circle' : 'ring'} hue={step === next ? 'high' : 'ready'} />
            {t(`silent.step.${step}`)}
            {step === 'listen' && left > 0 && ` ${left} s`}
          </span>
        ))}
        <button type="button" className={console.linkButton} onClick={onWhy}>
          {t('silent.closeWithReason')}
        </button>
      </div>
      <div>
        {call.digits === '' ? (
          next === null ? t('silent.allDone', { key: KEYS.silent }) : t(`silent.say.${next}`)
        ) : (
          <>
            <b className={styles.digits}>{call.digits}</b> {t('silent.pressed')}
          </>
        )}
      </div>
    </div>
  )
}
