import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconHeadset } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people } from '@/lib/api'
import type { UserView } from '@/lib/events/generated'
import { allAgents, useLive } from '@/lib/store'
import { EmptyState, useCommand } from '@/lib/ui'
import styles from '../console.module.css'

/** At which desk one sits: its phone rings for one, and Answer picks that phone up. */
export function SeatPicker({ user, seat }: { user: UserView; seat: string | null }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const agents = useLive(allAgents)
  const loaded = useLive((state) => state.loaded)
  const queries = useQueryClient()
  const sit = useCommand((_key, extension: string | null) => people.takeSeat(extension), {
    onDone: (changed) => queries.setQueryData(['session'], changed),
  })
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton className={seat === null ? styles.seatNone : styles.seat}>
          <IconHeadset size={15} />
          {seat === null ? t('seat.none') : t('seat.at', { extension: seat })}
          <IconChevronDown size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('seat.heading')}</Menu.Label>
        {agents.length === 0 && <EmptyState loaded={loaded}>{t('seat.noDesks')}</EmptyState>}
        {agents.map((agent) => (
          <Menu.Item
            key={`${agent.pbx}/${agent.agent}`}
            leftSection={<b>{agent.agent}</b>}
            rightSection={<span className={styles.dim}>{t(`common:device.${agent.device}` as 'common:device.idle')}</span>}
            onClick={() => void sit.run(agent.agent)}
          >
            {agent.user_id === user.id ? t('seat.you') : (agent.user_name ?? t('common:deskFree'))}
          </Menu.Item>
        ))}
        {seat !== null && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void sit.run(null)}>{t('seat.leave')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
