/** The services' face: everything that plugins declare, drawn here; plus modules, people and their rights. */
import { Button, Drawer, Loader, Modal } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people } from '@/lib/api'
import type { UserView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { CrashBoundary, EmptyState, Shell, showDone } from '@/lib/ui'
import styles from './admin.module.css'
import { plugins as api } from './api'
import { keep, keepUser, keptUser, readKept } from './kept'
import { ListPage } from './list/ListPage'
import { mayEditProtocols, Menu } from './Menu'
import type { PluginPage, PluginView } from './model'
import { settleLeaving, useRoute, useWanted } from './navigation'
import { formatRoute, type Route } from './route'
import { FormPage } from './row/FormPage'
import { ServerLight } from './ServerLight'
import { useStatusOfServer } from './server'
import { SheetPage } from './sheet/SheetPage'
import { sheetSender } from './sheet/sender'
import { WaitingPage } from './sheet/WaitingPage'

/** Pages that are looked at at a desk come when they are opened; lists, forms and sheets are there at once. */
const ModulesPage = lazy(() => import('./modules/ModulesPage').then(({ ModulesPage: page }) => ({ default: page })))
const PeoplePage = lazy(() => import('./people/PeoplePage').then(({ PeoplePage: page }) => ({ default: page })))
const ProtocolsPage = lazy(() => import('./protocols/ProtocolsPage').then(({ ProtocolsPage: page }) => ({ default: page })))
const PlacesPage = lazy(() => import('./places/PlacesPage').then(({ PlacesPage: page }) => ({ default: page })))
const ReportPage = lazy(() => import('./report/ReportPage').then(({ ReportPage: page }) => ({ default: page })))
const ImportPage = lazy(() => import('./imports/ImportPage').then(({ ImportPage: page }) => ({ default: page })))

/** Who works here; without a connection, who did last. */
function useUser(): UserView | undefined {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      const user = await people.session({ signal })
      keepUser(user)
      return user
    },
    initialData: keptUser,
    initialDataUpdatedAt: 0,
    networkMode: 'always',
  })
  return data
}

function usePlugins(signedIn: boolean): { plugins: PluginView[] | undefined; failed: boolean } {
  const { data, isError } = useQuery({
    queryKey: ['plugins'],
    queryFn: async ({ signal }) => {
      const all = await api.all({ signal })
      keep('plugins', all)
      return all
    },
    initialData: () => readKept<PluginView[]>('plugins'),
    initialDataUpdatedAt: 0,
    enabled: signedIn,
    networkMode: 'always',
  })
  return { plugins: data, failed: isError }
}

export function Admin(): ReactNode {
  const { t } = useTranslation()
  const user = useUser()
  const status = useStatusOfServer()
  const { plugins, failed } = usePlugins(user !== undefined)
  const [open, setOpen] = useState(false)
  useArrivals()
  if (user === undefined || (plugins === undefined && !failed)) {
    return (
      <div className={styles.centre}>
        {status === 'offline' ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader aria-label={t('loading')} />}
      </div>
    )
  }
  const menu = <Menu user={user} plugins={plugins ?? []} onChosen={() => { setOpen(false) }} />
  return (
    <Shell user={user} header={<MenuButton onClick={() => { setOpen(true) }} />} light={{ status, shown: <ServerLight /> }}>
      <div className={styles.frame}>
        <WideOnly>{menu}</WideOnly>
        <Drawer opened={open} onClose={() => { setOpen(false) }} size={290} title={t('menu', { ns: 'admin' })}>
          {menu}
        </Drawer>
        <div className={styles.content}>
          <Content plugins={plugins} user={user} />
        </div>
      </div>
      <LeaveQuestion />
    </Shell>
  )
}

const NARROW = window.matchMedia('(max-width: 900px)')

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches)
  useEffect(() => {
    const change = (): void => { setNarrow(NARROW.matches) }
    NARROW.addEventListener('change', change)
    return () => { NARROW.removeEventListener('change', change) }
  }, [])
  return narrow
}

function WideOnly({ children }: { children: ReactNode }): ReactNode {
  return useNarrow() ? null : children
}

function MenuButton({ onClick }: { onClick: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  if (!useNarrow()) return null
  return (
    <Button variant="default" size="sm" leftSection={<IconMenu2 size={16} />} onClick={onClick}>
      {t('menu')}
    </Button>
  )
}

/** Says when a sheet that waited has arrived, wherever its writer is by now. */
function useArrivals(): void {
  const { t, i18n } = useTranslation('admin')
  useEffect(
    () =>
      sheetSender.onArrival((sheet, said) => {
        showDone(`${inLanguage(sheet.label, i18n.language)} · ${sheet.about}: ${said === '' ? t('sheet.arrived') : said}`)
      }),
    [t, i18n.language],
  )
}

function titleOf(route: Route, plugins: readonly PluginView[], language: string, words: Record<'modules' | 'people' | 'places' | 'protocols' | 'waiting', string>): string {
  if (route.at === 'page') {
    const plugin = plugins.find(({ name }) => name === route.plugin)
    const page = plugin?.pages.find(({ name }) => name === route.page)
    return plugin === undefined || page === undefined ? '' : `${inLanguage(page.label, language)} · ${inLanguage(plugin.title, language)}`
  }
  return route.at === 'home' ? '' : words[route.at]
}

/** The tab is named after the page, and the page's heading gets the focus when it changes. */
function useTitle(route: Route, plugins: readonly PluginView[]): void {
  const { t, i18n } = useTranslation('admin')
  const title = titleOf(route, plugins, i18n.language, { modules: t('modules.title'), people: t('people.title'), places: t('places.title'), protocols: t('protocols.title'), waiting: t('sheet.waiting') })
  const place = route.at === 'page' ? `${route.plugin}/${route.page}/${route.importing}` : route.at
  const before = useRef(place)
  useEffect(() => {
    document.title = title === '' ? 'Siaga 112' : `${title} · Siaga 112`
  }, [title])
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    document.querySelector<HTMLElement>('main h1')?.focus()
  }, [place])
}

function Content({ plugins, user }: { plugins: PluginView[] | undefined; user: UserView }): ReactNode {
  const { t } = useTranslation('admin')
  const route = useRoute()
  useTitle(route, plugins ?? [])
  if (plugins === undefined) return <EmptyState loaded={false}>{null}</EmptyState>
  const home = route.at === 'home' ? firstPage(plugins) : null
  const shown = home ?? route
  return (
    <CrashBoundary key={shown.at === 'page' ? `${shown.plugin}/${shown.page}` : shown.at}>
      <Suspense fallback={<div className={styles.centre}><Loader /></div>}>
        <Shown route={shown} plugins={plugins} user={user} nothing={<div className={styles.centre}>{t('nothingGranted')}</div>} />
      </Suspense>
    </CrashBoundary>
  )
}

function firstPage(plugins: readonly PluginView[]): Route | null {
  const plugin = plugins.find(({ pages }) => pages.length > 0)
  const page = plugin?.pages[0]
  if (plugin === undefined || page === undefined) return null
  return { at: 'page', plugin: plugin.name, page: page.name, row: null, importing: false, q: '', sort: '', archived: false, filters: {} }
}

interface ShownProps {
  route: Route
  plugins: readonly PluginView[]
  user: UserView
  nothing: ReactNode
}

/** A page of no module; null where this person may not see it, undefined where the route is another. */
function ownPage(route: Route, user: UserView): ReactNode | undefined {
  const { roles } = user
  const mayAdmin = roles.includes('admin')
  switch (route.at) {
    case 'modules':
      return mayAdmin ? <ModulesPage chosen={route.name} /> : null
    case 'people':
      return mayAdmin ? <PeoplePage chosen={route.id} /> : null
    case 'protocols':
      return mayEditProtocols(user) ? <ProtocolsPage chosen={route.code} user={user} /> : null
    case 'places':
      return mayAdmin || roles.includes('supervisor') ? <PlacesPage chosen={route.id} /> : null
    default:
      return undefined
  }
}

function Shown({ route, plugins, user, nothing }: ShownProps): ReactNode {
  const { t } = useTranslation('admin')
  if (route.at === 'waiting') return <WaitingPage user={user} />
  const own = ownPage(route, user)
  if (own !== undefined) return own ?? nothing
  if (route.at !== 'page') return nothing
  const plugin = plugins.find(({ name }) => name === route.plugin)
  const page = plugin?.pages.find(({ name }) => name === route.page)
  if (plugin === undefined || page === undefined) return <div className={styles.centre}>{t('noSuchPage')}</div>
  return <PluginPageView plugin={plugin} page={page} route={route} user={user} />
}

interface PageProps {
  plugin: PluginView
  page: PluginPage
  route: Extract<Route, { at: 'page' }>
  user: UserView
}

function PluginPageView({ plugin, page, route, user }: PageProps): ReactNode {
  switch (page.kind) {
    case 'resource':
      return route.importing ? <ImportPage plugin={plugin} page={page} /> : <ListPage plugin={plugin} page={page} route={route} />
    case 'report':
      return <ReportPage plugin={plugin} page={page} route={route} />
    case 'sheet':
      return <SheetPage plugin={plugin} page={page} user={user} />
    case 'form':
      return <FormPage plugin={plugin} page={page} />
  }
}

function LeaveQuestion(): ReactNode {
  const { t } = useTranslation('admin')
  const wanted = useWanted()
  return (
    <Modal opened={wanted !== null} onClose={() => { settleLeaving(false) }} title={t('leave.title')} key={wanted === null ? '' : formatRoute(wanted)}>
      <p>{t('leave.text')}</p>
      <div className={styles.sideFoot}>
        <Button data-autofocus onClick={() => { settleLeaving(false) }}>{t('leave.stay')}</Button>
        <Button variant="default" onClick={() => { settleLeaving(true) }}>{t('leave.go')}</Button>
      </div>
    </Modal>
  )
}
