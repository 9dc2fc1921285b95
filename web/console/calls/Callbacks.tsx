/** Callers who gave up: one key calls the first of them back, every attempt is logged, closing needs a result. */
import { Button, Menu } from '@mantine/core'
import { IconDots, IconPhoneOutgoing } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { care } from '@/lib/api/care'
import type { CallDisposition, CallView } from '@/lib/events/generated'
import { useLive, type LiveState } from '@/lib/store'
import { Age, EmptyState, KeyHint, readable, ShapeMark, showDone, useCommand, useNow } from '@/lib/ui'
import console from '../console.module.css'
import { useDesk } from '../desk'
import { ReasonDialog } from '../incident/ReasonDialog'
import { KEYS, useKeys } from '../keys'
import { Ani } from './Ani'
import { calledAgain, callbackEnds, firstToCallBack, toCallBack } from './care'
import styles from './care.module.css'
import { useLoad } from './useLoad'

/** As the server's own setting until that is known. */
const ATTEMPTS = 3

/** Calls back; where the PBX does not dial, the number is shown so that it is dialled by hand. */
function useCallBack(): { run: (call: CallView) => void; busy: boolean } {
  const { t } = useTranslation('calls')
  const dial = useCommand((key, call: CallView) => care.dial(call.id, { key }), {
    onError: (_error, call) => {
      showDone(t('callback.dialYourself', { number: readable(call.ani ?? '') }))
      return true
    },
  })
  const attempt = useCommand((key, call: CallView) => care.attempt(call.id, { key }), {
    onDone: (_changed, call) => void dial.run(call),
  })
  return { run: (call) => void attempt.run(call), busy: attempt.busy || dial.busy }
}

/** The key works whatever list is shown. */
export function CallBackKey(): ReactNode {
  const { user } = useDesk()
  const lost = useLive(toCallBack)
  const callBack = useCallBack()
  useKeys({
    callBack: () => {
      const first = firstToCallBack(lost, user.id)
      if (first !== null) callBack.run(first)
    },
  })
  return null
}

const recentOf = (state: LiveState): LiveState['recent'] => state.recent

export function Callbacks(): ReactNode {
  const { t } = useTranslation('calls')
  const { user } = useDesk()
  const loaded = useLive((state) => state.loaded)
  const lost = useLive(toCallBack)
  const again = calledAgain(useLive(recentOf), useNow())
  const first = firstToCallBack(lost, user.id)
  return (
    <>
      {lost.length === 0 && again.length === 0 && <EmptyState loaded={loaded}>{t('callback.none')}</EmptyState>}
      {lost.map((call) => (
        <LostRow key={call.id} call={call} first={call.id === first?.id} />
      ))}
      {again.map((call) => (
        <div key={call.id} className={console.callRow}>
          <ShapeMark shape="bar" hue="ready" />
          <Ani call={call} />
          <span className={console.dim}>{t('callback.again')}</span>
        </div>
      ))}
    </>
  )
}

function LostRow({ call, first }: { call: CallView; first: boolean }): ReactNode {
  const { t } = useTranslation('calls')
  const { user, nameOf } = useDesk()
  const callBack = useCallBack()
  const other = call.callback_by !== null && call.callback_by !== user.id
  return (
    <div className={console.callRow}>
      <ShapeMark shape="cross" hue="high" />
      <Ani call={call} />
      <span className={console.dim}>
        {call.callback_by !== null
          ? other
            ? t('callback.by', { name: nameOf(call.callback_by) ?? '?' })
            : t('callback.mine')
          : t(call.state === 'ivr_dropped' ? 'callback.inMenu' : 'callback.inQueue')}
        {call.callback_attempts > 0 && ` · ${t('callback.tried', { count: call.callback_attempts })}`}
      </span>
      <Age since={call.ended_at ?? call.arrived_at} warnAfterS={120} alarmAfterS={600} />
      <Button
        variant="default"
        size="compact-xs"
        className={styles.callBack}
        disabled={other || call.ani === null}
        loading={callBack.busy}
        onClick={() => callBack.run(call)}
        aria-label={t('callback.act')}
        leftSection={<IconPhoneOutgoing size={13} />}
        rightSection={first ? <KeyHint>{KEYS.callBack}</KeyHint> : undefined}
      />
      <Ends call={call} disabled={other} />
    </div>
  )
}

function Ends({ call, disabled }: { call: CallView; disabled: boolean }): ReactNode {
  const { t } = useTranslation(['calls', 'common'])
  const [why, setWhy] = useState<CallDisposition | null>(null)
  const attempts = useLoad().data?.callback_attempts ?? ATTEMPTS
  const close = useCommand(
    (key, disposition: CallDisposition, note: string) => care.dispose(call.id, disposition, note, { key }),
    { onDone: () => setWhy(null) },
  )
  const release = useCommand((key) => care.release(call.id, { key }))
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="compact-xs" disabled={disabled} loading={close.busy} aria-label={t('callback.close')}>
            <IconDots size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('callback.result')}</Menu.Label>
          {callbackEnds(call, attempts).map(({ disposition, needsReason }) => (
            <Menu.Item
              key={disposition}
              onClick={() => {
                if (needsReason) setWhy(disposition)
                else void close.run(disposition, '')
              }}
            >
              {disposition === 'dropped' ? t('callback.notReached') : t(`common:callDisposition.${disposition}`)}
              {needsReason && ` – ${t('callback.withReason')}`}
            </Menu.Item>
          ))}
          {call.callback_by !== null && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => void release.run()}>{t('callback.release')}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ReasonDialog
        title={t('callback.whyTitle')}
        label={t('callback.why', { count: attempts })}
        presets={[t('callback.preset.wrong'), t('callback.preset.off')]}
        opened={why !== null}
        busy={close.busy}
        onReason={(reason) => {
          if (why !== null) void close.run(why, reason)
        }}
        onClose={() => setWhy(null)}
      />
    </>
  )
}
