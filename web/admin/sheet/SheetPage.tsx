/** Many numbers typed at once, on a phone, also without a connection: kept here, sent when it can be, stored once. */
import { Alert, Button, Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey } from '@/lib/api'
import type { UserView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, KeyHint, showDone, showError } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins } from '../api'
import { FieldBox } from '../fields/FieldBox'
import { decimalText } from '../fields/numbers'
import { momentText } from '../fields/show'
import { parseForm, typedRow, type Flaw } from '../fields/typed'
import { keep, readKept } from '../kept'
import type { PluginView, SheetBody, SheetPage as Page, SheetRow } from '../model'
import { useStatusOfServer } from '../server'
import { useKeys } from '../useKeys'
import { aboutOf, wireHead } from './about'
import { changeText, lineOf, progressOf, readBegun, type Begun, type Line, type Progress } from './entries'
import { sheetSender, useWaiting } from './sender'
import type { WaitingSheet } from './waiting'
import { StoppedSheet } from './WaitingPage'

interface Props {
  plugin: PluginView
  page: Page
  user: UserView
}

interface KeptRows {
  rows: SheetRow[]
  at: number
}

/** The rows for what the head says; without a connection those that were seen last. */
function useRows({ plugin, page }: Props, head: Record<string, string>): { rows: SheetRow[] | null; keptAt: number | null; loading: boolean } {
  const name = `rows.${plugin.name}.${page.name}`
  const exact = `${name}.${JSON.stringify(head)}`
  const { data, isError, isPending } = useQuery({
    queryKey: ['sheet', plugin.name, page.name, head],
    queryFn: async ({ signal }) => {
      const { rows } = await plugins.sheet(plugin.name, page.name, head, { signal })
      keep(exact, { rows, at: Date.now() } satisfies KeptRows)
      keep(name, { rows, at: Date.now() } satisfies KeptRows)
      return rows
    },
    networkMode: 'always',
    retry: false,
    refetchInterval: (query) => (query.state.status === 'error' ? 10_000 : false),
    refetchOnReconnect: 'always',
  })
  if (data !== undefined) return { rows: data, keptAt: null, loading: false }
  const same = readKept<KeptRows>(exact)
  const any = page.all_rows_offline ? readKept<KeptRows>(name) : undefined
  // The values stored for another market or day say nothing about this one.
  const kept = same ?? (any === undefined ? undefined : { at: any.at, rows: any.rows.map((row) => ({ ...row, value: null, last: null })) })
  return isError && kept !== undefined ? { rows: kept.rows, keptAt: kept.at, loading: false } : { rows: null, keptAt: null, loading: isPending }
}

function useBegun({ plugin, page, user }: Props): [Begun, (change: Partial<Begun>) => void, () => void] {
  const { i18n } = useTranslation()
  const name = `begun.${user.id}.${plugin.name}.${page.name}`
  const fresh = (head: Begun['head']): Begun => ({ key: newKey(), head, entries: {}, confirmed: {} })
  const [begun, setBegun] = useState(() => readBegun(readKept(name)) ?? fresh(typedRow(page.head, null, i18n.language)))
  useEffect(() => { keep(name, begun) }, [name, begun])
  const change = (part: Partial<Begun>): void => { setBegun((before) => ({ ...before, ...part })) }
  return [begun, change, () => { setBegun((before) => fresh(before.head)) }]
}

function finished({ plugin, page, user }: Props, key: string, body: SheetBody, language: string): WaitingSheet {
  return {
    key,
    user: user.id,
    plugin: plugin.name,
    sheet: page.name,
    label: page.label,
    about: aboutOf(plugin.name, page.head, body.head, language),
    body,
    at: Date.now(),
    state: 'waiting',
    said: '',
    jumps: [],
  }
}

export function SheetPage(props: Props): ReactNode {
  const { plugin, page, user } = props
  const { t, i18n } = useTranslation('admin')
  const [begun, change, clear] = useBegun(props)
  const { values: head, flaws } = parseForm(page.head, begun.head, i18n.language)
  const [shownFlaws, setShownFlaws] = useState<Record<string, Flaw>>({})
  const complete = Object.keys(flaws).length === 0
  const { rows, keptAt, loading } = useRows(props, wireHead(head))
  const rules = { jump: page.jump, places: page.places, language: i18n.language }
  const lines = (rows ?? []).map((row) => lineOf(row, begun, rules))
  const progress = progressOf(lines)
  const typed = lines.filter(({ value }) => value !== null).length
  const stopped = useWaiting().filter((one) => one.user === user.id && one.plugin === plugin.name && one.sheet === page.name && one.state === 'stopped')

  const finish = (): void => {
    setShownFlaws(flaws)
    if (!complete || typed === 0 || progress.wrong > 0 || progress.open > 0) {
      requestAnimationFrame(() => { document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus() })
      return
    }
    const entries = Object.fromEntries(lines.flatMap(({ row, value }) => (value === null ? [] : [[row.key, value]])))
    const confirmed = lines.filter((line) => line.confirmed).map(({ row }) => row.key)
    if (!sheetSender.add(finished(props, begun.key, { head, entries, confirmed }, i18n.language))) {
      showError(new Error('the device keeps nothing'))
      return
    }
    clear()
    showDone(t('sheet.kept'))
  }
  useKeys({ 'Ctrl+Enter': finish })
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{inLanguage(page.label, i18n.language)}</h1>
      </header>
      <div className={styles.sheetBody}>
        <div className={styles.sheetInner}>
          {stopped.map((sheet) => <StoppedSheet key={sheet.key} sheet={sheet} onRepair={(entries, again) => { change({ key: newKey(), entries, head: again, confirmed: {} }) }} />)}
          <div className={styles.sheetHead}>
            {page.head.map((field) => (
              <FieldBox
                key={field.name}
                plugin={plugin.name}
                field={field}
                value={begun.head[field.name] ?? ''}
                error={field.name in shownFlaws && field.name in flaws ? t('flaw.required') : undefined}
                onChange={(text) => { change({ head: { ...begun.head, [field.name]: text } }) }}
              />
            ))}
          </div>
          <OfflineNote keptAt={keptAt} />
          {rows === null ? (
            <EmptyState loaded={false}>{null}</EmptyState>
          ) : rows.length === 0 ? (
            <EmptyState loaded>{t('sheet.noRows')}</EmptyState>
          ) : (
            lines.map((line) => (
              <LineBox
                key={line.row.key}
                line={line}
                text={begun.entries[line.row.key] ?? ''}
                places={page.places}
                onChange={(text) => { change({ entries: { ...begun.entries, [line.row.key]: text } }) }}
                onConfirm={(yes) => { change({ confirmed: { ...begun.confirmed, [line.row.key]: yes && line.value !== null ? line.value : '' } }) }}
              />
            ))
          )}
        </div>
      </div>
      {!loading && rows !== null && <Foot progress={progress} typed={typed} onFinish={finish} />}
    </div>
  )
}

function OfflineNote({ keptAt }: { keptAt: number | null }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const status = useStatusOfServer()
  if (keptAt === null && status !== 'offline') return null
  return (
    <Alert color="yellow" role="status" mb="sm" title={t('sheet.offline')}>
      {t('sheet.offlineText')} {keptAt === null ? '' : t('sheet.rowsFrom', { time: momentText(new Date(keptAt).toISOString(), i18n.language) })}
    </Alert>
  )
}

function Foot({ progress, typed, onFinish }: { progress: Progress; typed: number; onFinish: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const { filled, total, wrong, open } = progress
  const hint = wrong > 0 ? t('sheet.wrong', { count: wrong }) : open > 0 ? t('sheet.open', { count: open }) : ''
  return (
    <footer className={styles.sideFoot}>
      <b role="status">{t('sheet.progress', { filled, total })}</b>
      <span className={styles.progress} aria-hidden><span style={{ width: `${total === 0 ? 0 : (100 * filled) / total}%` }} /></span>
      {hint !== '' && <span className={styles.dim}>{hint}</span>}
      <Button size="md" disabled={typed === 0} onClick={onFinish} rightSection={<span className={styles.key}><KeyHint>Ctrl+↵</KeyHint></span>}>{t('sheet.finish')}</Button>
    </footer>
  )
}

interface LineProps {
  line: Line
  text: string
  places: number
  onChange: (text: string) => void
  onConfirm: (yes: boolean) => void
}

/** Enter goes to the next box, as on a calculator. */
function toNext(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  const boxes = [...document.querySelectorAll<HTMLInputElement>('[data-line] input[inputmode]')]
  boxes[boxes.indexOf(event.currentTarget) + 1]?.focus()
}

function LineSaid({ line: { row, value, wrong, jump, confirmed }, places, onConfirm }: Pick<LineProps, 'line' | 'places' | 'onConfirm'>): ReactNode {
  const { t } = useTranslation('admin')
  if (wrong) return t(places > 0 ? 'sheet.notNumber' : 'flaw.integer', { places })
  if (!jump || value === null || row.last === null) return null
  return (
    <Checkbox label={t('sheet.jump', { change: changeText(value, row.last) })} checked={confirmed} onChange={(event) => { onConfirm(event.currentTarget.checked) }} />
  )
}

function LineBox({ line, text, places, onChange, onConfirm }: LineProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const id = useId()
  const { row, value, wrong, jump, confirmed } = line
  const last = row.last === null ? t('sheet.noLast') : t('sheet.last', { value: decimalText(row.last, i18n.language) })
  return (
    <div className={styles.line} data-line>
      <label htmlFor={id}>
        {row.label}
        <small>{[row.unit, row.hint].filter((part) => part !== '').join(' · ')}</small>
      </label>
      <output>{last}</output>
      <input
        id={id}
        inputMode={places > 0 ? 'decimal' : 'numeric'}
        enterKeyHint="next"
        autoComplete="off"
        placeholder={row.value === null ? '' : decimalText(row.value, i18n.language)}
        aria-invalid={wrong || (jump && !confirmed) || undefined}
        aria-describedby={`${id}-said`}
        value={text}
        onChange={(event) => { onChange(event.currentTarget.value) }}
        onKeyDown={toNext}
        onBlur={() => { if (value !== null) onChange(decimalText(value, i18n.language)) }}
      />
      <div className={styles.lineSaid} id={`${id}-said`} hidden={!wrong && !jump}>
        <LineSaid line={line} places={places} onConfirm={onConfirm} />
      </div>
    </div>
  )
}
