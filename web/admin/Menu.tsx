import { IconClock, IconListCheck, IconMapPin, IconPuzzle, IconUsers } from '@tabler/icons-react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import styles from './admin.module.css'
import { iconOf } from './icons'
import type { PluginView } from './model'
import { go, useRoute } from './navigation'
import { formatRoute, pageRoute, type Route } from './route'
import { useWaiting } from './sheet/sender'

interface LinkProps {
  to: Route
  current: boolean
  top?: boolean
  children: ReactNode
}

/** A real link, so that it can be copied and opened in a tab; a plain click stays in this one. */
export function RouteLink({ to, current, top, children, onGo }: LinkProps & { onGo?: () => void }): ReactNode {
  const click = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(to)
    onGo?.()
  }
  return (
    <a href={formatRoute(to)} aria-current={current ? 'page' : undefined} data-top={top || undefined} onClick={click}>
      {children}
    </a>
  )
}

export const mayEditProtocols = (user: UserView): boolean => user.roles.includes('admin') || user.roles.includes('supervisor')

/** With more modules than this only the one at work is unfolded. */
const MOST_OPEN = 1

interface MenuProps {
  user: UserView
  plugins: readonly PluginView[]
  /** Something was chosen: a drawer closes. */
  onChosen: () => void
}

export function Menu({ user, plugins, onChosen }: MenuProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const route = useRoute()
  const shown = plugins.filter(({ pages }) => pages.length > 0)
  const openModule = route.at === 'page' ? route.plugin : shown[0]?.name
  const waiting = useWaiting().filter((sheet) => sheet.user === user.id)
  return (
    <nav className={styles.menu} aria-label={t('menu')}>
      {shown.map((plugin) => {
        const Icon = iconOf(plugin.icon)
        return (
          <details key={plugin.name} open={openModule === plugin.name || shown.length <= MOST_OPEN}>
            <summary><Icon size={18} stroke={1.6} aria-hidden /> {inLanguage(plugin.title, i18n.language)}</summary>
            {plugin.pages.map((page) => (
              <RouteLink
                key={page.name}
                to={pageRoute(plugin.name, page.name)}
                current={route.at === 'page' && route.plugin === plugin.name && route.page === page.name}
                onGo={onChosen}
              >
                {inLanguage(page.label, i18n.language)}
              </RouteLink>
            ))}
          </details>
        )
      })}
      <div className={styles.menuFoot}>
        {waiting.length > 0 && (
          <RouteLink top to={{ at: 'waiting' }} current={route.at === 'waiting'} onGo={onChosen}>
            <IconClock size={18} stroke={1.6} aria-hidden /> {t('sheet.waiting')} <span className={styles.badge}>{waiting.length}</span>
          </RouteLink>
        )}
        {mayEditProtocols(user) && (
          <RouteLink top to={{ at: 'protocols', code: null }} current={route.at === 'protocols'} onGo={onChosen}>
            <IconListCheck size={18} stroke={1.6} aria-hidden /> {t('protocols.title')}
          </RouteLink>
        )}
        {(user.roles.includes('admin') || user.roles.includes('supervisor')) && (
          <RouteLink top to={{ at: 'places', id: null }} current={route.at === 'places'} onGo={onChosen}>
            <IconMapPin size={18} stroke={1.6} aria-hidden /> {t('places.title')}
          </RouteLink>
        )}
        {user.roles.includes('admin') && (
          <>
            <RouteLink top to={{ at: 'modules', name: null }} current={route.at === 'modules'} onGo={onChosen}>
              <IconPuzzle size={18} stroke={1.6} aria-hidden /> {t('modules.title')}
            </RouteLink>
            <RouteLink top to={{ at: 'people', id: null }} current={route.at === 'people'} onGo={onChosen}>
              <IconUsers size={18} stroke={1.6} aria-hidden /> {t('people.title')}
            </RouteLink>
          </>
        )}
      </div>
    </nav>
  )
}
