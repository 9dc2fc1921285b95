/** What drops down from the user's name; with the code of menus, which a page is drawn without. */
import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconApps, IconCheck, IconLayoutDashboard, IconLogout } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people, toSignIn } from '@/lib/api'
import type { Role, UserView } from '@/lib/events/generated'
import { LANGUAGES, setLanguage } from '@/lib/i18n'
import { live } from '@/lib/store'
import { showError } from './errors'

async function signOut(): Promise<void> {
  try {
    await people.signOut()
    live.stop()
    toSignIn()
  } catch (error) {
    showError(error)
  }
}

export default function UserMenuList({ user, button }: { user: UserView | null; button: ReactElement }): ReactNode {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>{button}</Menu.Target>
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
