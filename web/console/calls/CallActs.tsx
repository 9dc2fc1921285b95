/** What can be done with the call besides answering and ending it; each button asks the PBX and waits for its word. */
import { Button, Menu } from '@mantine/core'
import {
  IconArrowForwardUp,
  IconDoorExit,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconUsersPlus,
} from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calls, type CallAct } from '@/lib/api'
import type { CallView } from '@/lib/events/generated'
import { named, noteAsked, useDeskOptions, usePbxSentence } from '@/lib/pbx'
import { allAgents, useLive } from '@/lib/store'
import { KeyHint, ShapeMark, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS, useKeys, type KeyAction } from '../keys'
import { isHandedOn } from '../select'

type Choosing = 'transfer' | 'conference'

export function CallActs({ call, seat }: { call: CallView; seat: string | null }): ReactNode {
  const { t } = useTranslation('console')
  const [choosing, setChoosing] = useState<Choosing | null>(null)
  const act = useCommand((key, what: CallAct, to: string | null) => calls.act(call.id, what, to, { key }), {
    onDone: (requested, what) => noteAsked(what, requested.command_id),
  })
  const held = call.state === 'held'
  const here = (call.state === 'answered' || held) && call.agent === seat && !isHandedOn(call)
  const alone = call.parties.length === 0
  const run = (what: CallAct, to: string | null = null): void => {
    if (here) void act.run(what, to)
  }
  const hold = (): void => run(held ? 'unhold' : 'hold')
  const mute = (): void => run(call.muted ? 'unmute' : 'mute')
  const leave = (): void => {
    if (!alone) run('leave')
  }
  useKeys({
    hold,
    mute,
    leave,
    transfer: () => setChoosing(here && alone ? 'transfer' : null),
    conference: () => setChoosing(here ? 'conference' : null),
  })
  const shared = { here, busy: act.busy }
  return (
    <div className={styles.acts} role="toolbar" aria-label={t('callAct.more')}>
      <KeyHint>Alt +</KeyHint>
      <Act {...shared} keyAction="hold" on={held} icon={held ? <IconPlayerPlay size={13} /> : <IconPlayerPause size={13} />} onClick={hold}>
        {t(held ? 'callAct.unhold' : 'callAct.hold')}
      </Act>
      <Act
        {...shared}
        keyAction="mute"
        on={call.muted}
        icon={call.muted ? <IconMicrophone size={13} /> : <IconMicrophoneOff size={13} />}
        onClick={mute}
      >
        {t(call.muted ? 'callAct.unmute' : 'callAct.mute')}
      </Act>
      {alone ? (
        <WhomMenu
          opened={choosing === 'transfer'}
          onChange={(open) => setChoosing(open ? 'transfer' : null)}
          label={t('callAct.transferTo')}
          onChoose={(to) => run('transfer', to)}
          target={
            <Act {...shared} keyAction="transfer" icon={<IconArrowForwardUp size={13} />}>
              {t('callAct.transfer')}
            </Act>
          }
          call={call}
        />
      ) : (
        <Act {...shared} keyAction="leave" icon={<IconDoorExit size={13} />} onClick={leave}>
          {t('callAct.leave')}
        </Act>
      )}
      <WhomMenu
        opened={choosing === 'conference'}
        onChange={(open) => setChoosing(open ? 'conference' : null)}
        label={t('callAct.addWhom')}
        onChoose={(to) => run('conference', to)}
        target={
          <Act {...shared} keyAction="conference" icon={<IconUsersPlus size={13} />}>
            {t('callAct.conference')}
          </Act>
        }
        call={call}
      />
    </div>
  )
}

interface ActProps {
  here: boolean
  busy: boolean
  keyAction: KeyAction
  icon: ReactNode
  on?: boolean
  onClick?: () => void
  children: ReactNode
}

function Act({ here, busy, keyAction, icon, on = false, children, ...rest }: ActProps): ReactNode {
  return (
    <Button
      {...rest}
      size="compact-xs"
      variant={on ? 'filled' : 'default'}
      disabled={!here || busy}
      aria-pressed={on}
      leftSection={<span className={styles.roomy}>{icon}</span>}
      rightSection={<KeyHint>{KEYS[keyAction].replace('Alt+', '')}</KeyHint>}
    >
      {children}
    </Button>
  )
}

interface WhomProps {
  opened: boolean
  onChange: (opened: boolean) => void
  label: string
  target: ReactNode
  onChoose: (number: string) => void
  call: CallView
}

/** The directory, and the desks that are not in the call; arrows and Enter choose. */
function WhomMenu({ opened, onChange, label, target, onChoose, call }: WhomProps): ReactNode {
  const { t } = useTranslation('console')
  const { directory } = useDeskOptions()
  const agents = useLive(allAgents).filter((agent) => agent.agent !== call.agent)
  return (
    <Menu position="bottom-start" width={260} opened={opened} onChange={onChange}>
      <Menu.Target>
        <span>{target}</span>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        {directory.map(({ number, name }) => (
          <Menu.Item key={number} leftSection={<b>{number}</b>} onClick={() => onChoose(number)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>{t('callAct.desks')}</Menu.Label>
        {agents.map((agent) => (
          <Menu.Item
            key={`${agent.pbx}/${agent.agent}`}
            leftSection={<b>{agent.agent}</b>}
            onClick={() => onChoose(agent.agent)}
          >
            {agent.user_name ?? agent.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** One line: who else is in the call, and what the PBX said to the last command. */
export function CallNews({ call }: { call: CallView | null }): ReactNode {
  const { t } = useTranslation('console')
  const options = useDeskOptions()
  const word = usePbxSentence()
  const facts = call === null ? [] : factsOf(call)
  return (
    <div className={styles.news} aria-live="polite">
      {facts.map(({ key, who }) => (
        <b key={key}>{t(`callAct.${key}`, { who: who.map((number) => named(options, number)).join(', ') })}</b>
      ))}
      {word !== null && (
        <span data-failed={word.failed} title={`${word.sentence} ${word.words}`}>
          {word.failed && <ShapeMark shape="triangle" hue="critical" />} {word.sentence}
          {word.words !== '' && <> — {word.words}</>}
        </span>
      )}
    </div>
  )
}

function factsOf(call: CallView): { key: 'with' | 'heardBy' | 'handedTo'; who: readonly string[] }[] {
  return [
    { key: 'with' as const, who: call.parties, said: call.parties.length > 0 },
    { key: 'heardBy' as const, who: call.monitored_by, said: call.monitored_by.length > 0 },
    { key: 'handedTo' as const, who: [call.transferred_to ?? ''], said: isHandedOn(call) && call.ended_at === null },
  ].filter(({ said }) => said)
}
