/** A supervisor's help for one desk (listen, whisper, barge, take over) and the desk's pause; the PBX's word below. */
import { ActionIcon, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconDots, IconHeadset } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calls, desks, people, type CallAct, type DeskAct } from '@/lib/api'
import type { AgentView, CallView, UserView } from '@/lib/events/generated'
import { noteAsked, usePbxSentence } from '@/lib/pbx'
import { ShapeMark, useCommand } from '@/lib/ui'
import styles from './supervisor.module.css'

const HELP = ['listen', 'whisper', 'barge', 'take_over'] as const satisfies readonly CallAct[]

interface DeskMenuProps {
  agent: AgentView
  call: CallView | null
  /** The supervisor's own desk, whose phone rings to listen. */
  mine: string | null
}

export function DeskMenu({ agent, call, mine }: DeskMenuProps): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const onCall = useCommand((key, what: CallAct, id: string) => calls.act(id, what, null, { key }), {
    onDone: (requested, what) => noteAsked(what, requested.command_id),
  })
  const onDesk = useCommand((key, what: DeskAct) => desks.act(agent.agent, what, null, { key }), {
    onDone: (requested, what) => noteAsked(what, requested.command_id),
  })
  const listening = call !== null && mine !== null && call.monitored_by.includes(mine)
  const possible = call !== null && mine !== null && mine !== agent.agent
  const help: readonly CallAct[] = listening ? ['stop_listening', 'take_over'] : HELP
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          size="sm"
          loading={onCall.busy || onDesk.busy}
          aria-label={t('superviseDesk', { desk: agent.agent })}
        >
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('callAt', { desk: agent.agent })}</Menu.Label>
        {help.map((act) => (
          <Menu.Item key={act} disabled={!possible} onClick={() => void onCall.run(act, call?.id ?? '')}>
            {t(`common:pbxAct.${act}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('deskAt', { desk: agent.agent })}</Menu.Label>
        {agent.queues.length === 0 || agent.paused ? (
          <Menu.Item onClick={() => void onDesk.run('ready')}>{t('common:pbxAct.ready')}</Menu.Item>
        ) : (
          <Menu.Item onClick={() => void onDesk.run('pause')}>{t('common:pbxAct.pause')}</Menu.Item>
        )}
        <Menu.Item disabled={agent.queues.length === 0} onClick={() => void onDesk.run('sign_out')}>
          {t('common:pbxAct.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

interface OwnSeatProps {
  user: UserView
  agents: readonly AgentView[]
  mine: string | null
}

/** At which phone the supervisor listens, and what the PBX said to the last command. */
export function OwnSeat({ user, agents, mine }: OwnSeatProps): ReactNode {
  const { t } = useTranslation(['supervisor', 'common'])
  const queries = useQueryClient()
  const word = usePbxSentence()
  const sit = useCommand((_key, extension: string | null) => people.takeSeat(extension), {
    onDone: (changed) => queries.setQueryData(['session'], changed),
  })
  return (
    <div className={styles.ownSeat}>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <UnstyledButton className={styles.seat} title={t('ownPhoneWhy')}>
            <IconHeadset size={14} /> {t('ownPhone')}: <b>{mine ?? t('noSeat')}</b> <IconChevronDown size={13} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('ownPhoneWhy')}</Menu.Label>
          {agents.map((agent) => (
            <Menu.Item
              key={`${agent.pbx}/${agent.agent}`}
              leftSection={<b>{agent.agent}</b>}
              disabled={agent.user_id !== null && agent.user_id !== user.id}
              onClick={() => void sit.run(agent.agent)}
            >
              {agent.user_name ?? t('common:deskFree')}
            </Menu.Item>
          ))}
          {mine !== null && <Menu.Item onClick={() => void sit.run(null)}>{t('noSeat')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {word !== null && (
        <span className={styles.pbxWord} data-failed={word.failed} title={`${word.sentence} ${word.words}`} role="status">
          {word.failed && <ShapeMark shape="triangle" hue="critical" />} {word.sentence}
          {word.words !== '' && <> — {word.words}</>}
        </span>
      )}
    </div>
  )
}
