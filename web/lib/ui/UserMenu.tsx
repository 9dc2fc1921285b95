/** The name of who works here; behind it the other screens, the language, the look and the way out. */
import { UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '@/lib/events/generated'
import { Later } from './Later'
import styles from './shell.module.css'

const UserMenuList = lazy(() => import('./UserMenuList'))

export function UserMenu({ user }: { user: UserView | null }): ReactNode {
  const { t } = useTranslation()
  const button = (
    <UnstyledButton className={styles.user} aria-label={t('menu')}>
      <span className={styles.userName}>{user?.display_name ?? t('loading')}</span>
      <IconChevronDown size={14} />
    </UnstyledButton>
  )
  return (
    <Later fallback={button}>
      <UserMenuList user={user} button={button} />
    </Later>
  )
}
