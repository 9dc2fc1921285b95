/** Between jobs: the unit, its state, and going on and off duty. */
import { UnstyledButton } from '@mantine/core'
import { IconBellRinging, IconPlayerPause, IconShieldCheck, IconTool, IconVolume } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssignmentState, AssignmentView, UnitState, UnitView } from '@/lib/events/generated'
import { live } from '@/lib/store'
import { Age, StatusBadge, useAgencyName } from '@/lib/ui'
import { soundReady, unlockSound } from './alert'
import { enablePush } from './push'
import { ReasonSheet } from './ReasonSheet'
import styles from './responder.module.css'
import { sender, useOutbox } from './sender'

/** How long the end of the last job is told. */
const TOLD_FOR_MS = 10 * 60_000
const TOLD: ReadonlySet<AssignmentState> = new Set<AssignmentState>(['withdrawn', 'cancelled', 'diverted', 'expired'])

/** The last job's end, when it was not the crew that ended it. */
function LastEnd({ assignments }: { assignments: readonly AssignmentView[] }): ReactNode {
  const { t } = useTranslation('responder')
  const [dismissed, setDismissed] = useState<string | null>(null)
  const [openedAt] = useState(() => live.now())
  const ended = assignments
    .filter((one) => TOLD.has(one.state) && Date.parse(one.ended_at ?? '') > openedAt - TOLD_FOR_MS)
    .sort((a, b) => Date.parse(b.ended_at ?? '') - Date.parse(a.ended_at ?? ''))[0]
  if (ended === undefined || ended.id === dismissed) return null
  return (
    <div className={styles.notice} role="status">
      <b>{t(`ended.${ended.state as 'withdrawn' | 'cancelled' | 'diverted' | 'expired'}`)}</b>
      {ended.end_reason !== null && <span>{ended.end_reason}</span>}
      <UnstyledButton className={styles.plain} onClick={() => { setDismissed(ended.id) }}>
        {t('understood')}
      </UnstyledButton>
    </div>
  )
}

/** The state that the waiting commands will bring. Between jobs a unit is free, even before the centre knows. */
function useUnitState(unit: UnitView): UnitState {
  const { waiting } = useOutbox()
  const known = unit.state === 'committed' ? 'available' : unit.state
  return waiting.reduce<UnitState>((state, { body }) => {
    if (body.kind !== 'unit' || body.id !== unit.id) return state
    if (body.act === 'go_off_duty') return 'off_duty'
    return body.act === 'go_out_of_service' ? 'out_of_service' : 'available'
  }, known)
}

function Waiting({ unit, state }: { unit: UnitView; state: UnitState }): ReactNode {
  const { t } = useTranslation('responder')
  if (state === 'available') {
    return (
      <section className={styles.wait} data-state={state}>
        <IconBellRinging size={52} stroke={1.4} aria-hidden />
        <b>{t('waitingForOffer')}</b>
        <span>{t('waitingHint')}</span>
      </section>
    )
  }
  return (
    <section className={styles.wait} data-state={state}>
      <IconPlayerPause size={52} stroke={1.4} aria-hidden />
      <b>{t(state === 'out_of_service' ? 'outOfService' : 'offDuty')}</b>
      <span>{state === 'out_of_service' ? unit.out_of_service_reason : t('offDutyHint')}</span>
    </section>
  )
}

const FAULTS = ['vehicle', 'crew', 'fuel', 'equipment'] as const

export function IdleScreen({ unit, assignments }: { unit: UnitView; assignments: readonly AssignmentView[] }): ReactNode {
  const { t } = useTranslation('responder')
  const agencyName = useAgencyName()
  const state = useUnitState(unit)
  const [fault, setFault] = useState(false)
  const [sound, setSound] = useState(soundReady)
  const act = (name: 'go_on_duty' | 'go_off_duty' | 'return_to_service'): void => {
    sender.send({ kind: 'unit', id: unit.id, act: name })
  }
  const ready = (): void => {
    void unlockSound().then(setSound)
    enablePush().catch(() => undefined) // a phone without push still has the open page
    act(state === 'off_duty' ? 'go_on_duty' : 'return_to_service')
  }

  return (
    <main className={styles.idle}>
      <LastEnd assignments={assignments} />
      <section className={styles.unitCard}>
        <div className={styles.unitTop}>
          <h1>{unit.callsign}</h1>
          <StatusBadge of={{ kind: 'unit', state }} />
        </div>
        <p>
          {agencyName(unit.agency)} · {unit.station}
        </p>
        {unit.crew.length > 0 && <p>{t('crew', { names: unit.crew.join(', ') })}</p>}
        <p className={styles.dim}>{unit.capabilities.map((one) => t(`capability.${one}`, { ns: 'common' })).join(' · ')}</p>
        {state !== 'off_duty' && unit.on_duty_since !== null && (
          <p className={styles.dim}>
            {t('onDutyFor')} <Age since={unit.on_duty_since} />
          </p>
        )}
      </section>

      <Waiting unit={unit} state={state} />

      <div className={styles.actions}>
        {state === 'available' && !sound && (
          <UnstyledButton className={styles.soundButton} onClick={() => void unlockSound().then(setSound)}>
            <IconVolume size={24} aria-hidden />
            {t('enableSound')}
          </UnstyledButton>
        )}
        {state === 'available' ? (
          <div className={styles.sheetRow}>
            <UnstyledButton className={styles.plain} onClick={() => { setFault(true) }}>
              <IconTool size={20} aria-hidden />
              {t('reportFault')}
            </UnstyledButton>
            <UnstyledButton className={styles.plain} onClick={() => { act('go_off_duty') }}>
              {t('goOffDuty')}
            </UnstyledButton>
          </div>
        ) : (
          <UnstyledButton className={styles.main} onClick={ready}>
            <IconShieldCheck size={30} aria-hidden />
            {t('ready')}
          </UnstyledButton>
        )}
        {state === 'out_of_service' && (
          <UnstyledButton className={styles.plain} onClick={() => { act('go_off_duty') }}>
            {t('goOffDuty')}
          </UnstyledButton>
        )}
      </div>
      {fault && (
        <ReasonSheet
          title={t('faultWhat')}
          reasons={FAULTS.map((one) => t(`fault.${one}`))}
          onClose={() => { setFault(false) }}
          onChoose={(reason) => {
            setFault(false)
            sender.send({ kind: 'unit', id: unit.id, act: 'go_out_of_service', reason })
          }}
        />
      )}
    </main>
  )
}
