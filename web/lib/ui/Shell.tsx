/** The frame of every face: name, clock, connection light, user menu; below it the face itself. */
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconApps, IconCheck, IconChevronDown, IconLayoutDashboard, IconLogout } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people, toSignIn } from '@/lib/api'
import type { Role, UserView } from '@/lib/events/generated'
import { LANGUAGES, setLanguage } from '@/lib/i18n'
import { live, useStatus, type Status } from '@/lib/store'
import { ConnectionLight } from './ConnectionLight'
import { showError } from './errors'
import styles from './shell.module.css'
import { clockTime, dayOf, useNow } from './time'

interface ShellProps {
  user: UserView | null
  /** What the face adds to the header, e.g. the desk picker or counters. */
  header?: ReactNode
  /** In place of the connection light, where a face has no live connection. */
  light?: { status: Status; shown: ReactNode }
  children: ReactNode
}

export function Shell({ user, header, light, children }: ShellProps): ReactNode {
  const { t } = useTranslation()
  const status = useStatus()
  return (
    <div className={styles.shell} data-status={light?.status ?? status}>
      <header className={styles.header}>
        <span className={styles.brand}>
          <BrandMark />
          <b>{t('app')}</b>
          <span className={styles.centre}>{t('centreShort')}</span>
        </span>
        <WitaClock />
        <div className={styles.headerMiddle}>{header}</div>
        {light === undefined ? <ConnectionLight /> : light.shown}
        <UserMenu user={user} />
      </header>
      <main className={styles.main}>{children}</main>
    </div>
  )
}

export function BrandMark(): ReactNode {
  return <img src="/favicon.svg" width={20} height={20} alt="" />
}

export function WitaClock(): ReactNode {
  const { i18n } = useTranslation()
  const now = useNow() * 1000
  return (
    <span className={styles.clock}>
      <b>{clockTime(now)}</b> WITA <span className={styles.day}>{dayOf(now, i18n.language)}</span>
    </span>
  )
}

export async function signOut(): Promise<void> {
  try {
    await people.signOut()
    live.stop()
    toSignIn()
  } catch (error) {
    showError(error)
  }
}

export function UserMenu({ user }: { user: UserView | null }): ReactNode {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className={styles.user} aria-label={t('menu')}>
          <span className={styles.userName}>{user?.display_name ?? t('loading')}</span>
          <IconChevronDown size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {user !== null && <Menu.Label>{user.roles.map((role) => t(`role.${role}`)).join(' · ')}</Menu.Label>}
        <OtherFaces user={user} />
        <LookAndLanguage />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The other screens at which this person may work. */
function OtherFaces({ user }: { user: UserView | null }): ReactNode {
  const { t } = useTranslation()
  const roles = user?.roles ?? []
  const open = (['supervisor', 'admin'] as const).filter(
    (face) => roles.some((role) => FACES_IN_MENU[face].includes(role)) && !window.location.pathname.startsWith(`/${face}/`),
  )
  return open.map((face) => (
    <Menu.Item key={face} component="a" href={`/${face}/`} leftSection={face === 'admin' ? <IconApps size={14} /> : <IconLayoutDashboard size={14} />}>
      {t(`face.${face}`)}
    </Menu.Item>
  ))
}

const FACES_IN_MENU: Readonly<Record<'supervisor' | 'admin', readonly Role[]>> = {
  supervisor: ['supervisor', 'admin'],
  admin: ['supervisor', 'officer', 'admin'],
}

/** Menu items of language and theme. */
function LookAndLanguage(): ReactNode {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const tick = (on: boolean): ReactNode => (on ? <IconCheck size={14} /> : null)
  return (
    <>
      <Menu.Label>{t('language')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Menu.Item key={language} rightSection={tick(i18n.language === language)} onClick={() => setLanguage(language)}>
          {t(`languageName.${language}`)}
        </Menu.Item>
      ))}
      <Menu.Label>{t('theme')}</Menu.Label>
      {(['dark', 'light', 'auto'] as const).map((scheme) => (
        <Menu.Item key={scheme} rightSection={tick(colorScheme === scheme)} onClick={() => setColorScheme(scheme)}>
          {t(`themeName.${scheme}`)}
        </Menu.Item>
      ))}
    </>
  )
}
