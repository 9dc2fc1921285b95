/** A resource: its list with search, filters, sorting and pages; the chosen row beside it. */
import { Button, Menu, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDownload, IconFilter, IconPlus, IconRefresh, IconSearch, IconUpload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { clockTime, EmptyState, errorText, KeyHint } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins, records, type ListQuery } from '../api'
import { FieldBox } from '../fields/FieldBox'
import type { Field, PluginView, ResourcePage } from '../model'
import { go } from '../navigation'
import { pageRoute, type PageRoute } from '../route'
import { RowPanel } from '../row/RowPanel'
import { useKeys } from '../useKeys'
import { RowTable } from './RowTable'

interface Props {
  plugin: PluginView
  page: ResourcePage
  route: PageRoute
}

const TYPING_MS = 250

/** The list as the address says it; only that part, so that opening a row asks for nothing anew. */
const listOf = ({ q, sort, archived, filters }: PageRoute): ListQuery => ({ q, sort, archived, filters })

function useRows({ plugin, page, route }: Props) {
  const list = listOf(route)
  return useInfiniteQuery({
    queryKey: ['rows', plugin.name, page.name, list],
    queryFn: ({ pageParam, signal }) => records.list(plugin.name, page.name, list, pageParam, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  })
}

type Found = ReturnType<typeof useRows>

const isNarrowed = ({ q, archived, filters }: PageRoute): boolean => q !== '' || archived || Object.keys(filters).length > 0

export function ListPage(props: Props): ReactNode {
  const { page, route } = props
  const search = useRef<HTMLInputElement>(null)
  const found = useRows(props)
  const open = route.row !== null || undefined
  const create = (): void => { go({ ...route, row: 'new' }) }
  useKeys({ '/': () => search.current?.focus(), n: page.can_edit ? create : undefined })
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <div className={styles.page} data-open={open}>
      <Head {...props} total={found.data?.pages[0]?.total ?? null} onCreate={create} />
      <Tools {...props} search={search} />
      <Problem found={found} some={rows.length > 0} />
      <div className={styles.work} data-open={open}>
        <div className={styles.listBox} aria-busy={found.isFetching}>
          {rows.length > 0 ? <RowTable page={page} route={route} rows={rows} /> : <Nothing {...props} loaded={found.data !== undefined} />}
        </div>
        {open && <RowPanel key={route.row} {...props} />}
      </div>
      <Foot found={found} count={rows.length} />
    </div>
  )
}

function Head({ plugin, page, route, total, onCreate }: Props & { total: number | null; onCreate: () => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  return (
    <header className={styles.top}>
      <h1 tabIndex={-1}>
        {inLanguage(page.label, i18n.language)}
        <small>{total === null ? '' : t('list.total', { count: total })}</small>
      </h1>
      <span className={styles.grow} />
      {page.can_edit && (
        <Button leftSection={<IconPlus size={14} />} onClick={onCreate} rightSection={<span className={styles.key}><KeyHint>n</KeyHint></span>}>
          {t('newOne', { one: inLanguage(page.one, i18n.language) })}
        </Button>
      )}
      {page.importable && (
        <Button variant="default" leftSection={<IconUpload size={14} />} onClick={() => { go(pageRoute(plugin.name, page.name, { importing: true })) }}>
          {t('import.open')}
        </Button>
      )}
      <ExportMenu plugin={plugin} page={page} route={route} />
    </header>
  )
}

function Problem({ found, some }: { found: Found; some: boolean }): ReactNode {
  const { t } = useTranslation('admin')
  if (!found.isError) return null
  return (
    <div className={styles.warning} role="alert">
      <p>{some ? t('list.old', { time: clockTime(found.dataUpdatedAt) }) : errorText(found.error).title}</p>
      <Button variant="default" onClick={() => void found.refetch()}>{t('retry', { ns: 'common' })}</Button>
    </div>
  )
}

function Nothing({ plugin, page, route, loaded }: Props & { loaded: boolean }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const narrowed = isNarrowed(route)
  return (
    <EmptyState loaded={loaded}>
      <p>{narrowed ? t('list.nothingFits') : inLanguage(page.empty, i18n.language)}</p>
      {narrowed && <Button variant="default" onClick={() => { go(pageRoute(plugin.name, page.name)) }}>{t('list.showAll')}</Button>}
    </EmptyState>
  )
}

function Foot({ found, count }: { found: Found; count: number }): ReactNode {
  const { t } = useTranslation('admin')
  const total = found.data?.pages[0]?.total ?? null
  return (
    <footer className={styles.foot}>
      <span>{count > 0 && (total === null ? t('list.shownOnly', { count }) : t('list.shown', { count, total }))}</span>
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t('list.more')}</Button>
      )}
      <span className={styles.grow} />
      <span>{found.data === undefined ? '' : t('list.loadedAt', { time: clockTime(found.dataUpdatedAt) })}</span>
      <Button variant="subtle" aria-label={t('reload')} loading={found.isRefetching} onClick={() => void found.refetch()}>
        <IconRefresh size={16} />
      </Button>
    </footer>
  )
}

function Tools({ plugin, page, route, search }: Props & { search: React.RefObject<HTMLInputElement | null> }): ReactNode {
  const { t } = useTranslation('admin')
  const filters = page.filters.flatMap((name): Field[] => page.fields.filter((field) => field.name === name))
  const filter = (name: string, value: string): void => {
    const rest = Object.entries(route.filters).filter(([other]) => other !== name)
    go({ ...route, filters: Object.fromEntries(value === '' ? rest : [...rest, [name, value]]) }, true)
  }
  const [all, setAll] = useState(isNarrowed(route) && route.q === '')
  return (
    <div className={styles.tools} role="search" data-all={all || undefined}>
      {page.search && <SearchBox route={route} input={search} />}
      <div className={styles.filterButton}>
        <Button variant="default" aria-expanded={all} leftSection={<IconFilter size={14} />} onClick={() => { setAll(!all) }}>{t('list.filters')}</Button>
      </div>
      {filters.map((field) => (
        <FieldBox key={field.name} filter plugin={plugin.name} field={field} value={route.filters[field.name] ?? ''} onChange={(value) => { filter(field.name, value) }} />
      ))}
      <NativeSelect
        label={t('list.which')}
        size="xs"
        data={[{ value: '', label: t('list.current') }, { value: '1', label: t('list.archived') }]}
        value={route.archived ? '1' : ''}
        onChange={(event) => { go({ ...route, archived: event.currentTarget.value === '1' }, true) }}
      />
    </div>
  )
}

function SearchBox({ route, input }: { route: PageRoute; input: React.RefObject<HTMLInputElement | null> }): ReactNode {
  const { t } = useTranslation('admin')
  const [text, setText] = useState(route.q)
  const latest = useRef(route)
  useEffect(() => { latest.current = route })
  const sent = useRef(route.q)
  useEffect(() => {
    if (route.q === sent.current) return
    sent.current = route.q
    setText(route.q) // the address was changed by something else: the back button, 'show all'
  }, [route.q])
  const search = useDebouncedCallback((q: string) => {
    sent.current = q
    go({ ...latest.current, q }, true)
  }, TYPING_MS)
  return (
    <TextInput
      ref={input}
      className={styles.search}
      type="search"
      label={t('list.search')}
      leftSection={<IconSearch size={14} />}
      rightSection={<span className={styles.key}><KeyHint>/</KeyHint></span>}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value.trim())
      }}
    />
  )
}

/** The list as it is filtered now, as a file; and the plugin's own files. */
function ExportMenu({ plugin, page, route }: Props): ReactNode {
  const { t, i18n } = useTranslation('admin')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} />}>{t('export.open')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('export.thisList')}</Menu.Label>
        {(['xlsx', 'csv'] as const).map((form) => (
          <Menu.Item key={form} component="a" href={records.exportAt(plugin.name, page.name, form, listOf(route))} download>{t(`export.${form}`)}</Menu.Item>
        ))}
        {(plugin.exports ?? []).map((one) => (
          <div key={one.name}>
            <Menu.Label>{inLanguage(one.label, i18n.language)}</Menu.Label>
            {(['xlsx', 'csv'] as const).map((form) => (
              <Menu.Item key={form} component="a" href={plugins.exportAt(plugin.name, one.name, form)} download>{t(`export.${form}`)}</Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
