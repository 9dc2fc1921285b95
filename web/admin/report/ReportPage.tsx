/** A page that is only read: what was chosen in its filters, as charts, facts, tables and notes. */
import { Button, Loader } from '@mantine/core'
import { IconPrinter, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { clockTime, EmptyState, errorText, ShapeMark, TONES } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins } from '../api'
import { FieldBox } from '../fields/FieldBox'
import { parseTyped } from '../fields/typed'
import type { Block, ChartBlock, FactsBlock, Field, NoteBlock, PluginView, ReportPage as Page, TableBlock } from '../model'
import { go } from '../navigation'
import type { PageRoute } from '../route'

interface Props {
  plugin: PluginView
  page: Page
  route: PageRoute
}

const Chart = lazy(() => import('./Chart'))

/** What is asked for: the address, else the filters' defaults; a half-typed filter is not asked for. */
function asked(fields: readonly Field[], filters: Readonly<Record<string, string>>, language: string): Record<string, string> {
  const pairs = fields.map((field): [string, string] => [field.name, filters[field.name] ?? field.default ?? ''])
  return Object.fromEntries(
    pairs.filter(([name, text]) => {
      const field = fields.find((one) => one.name === name)
      return field !== undefined && text !== '' && parseTyped(field, text, language).flaw === null
    }),
  )
}

export function ReportPage({ plugin, page, route }: Props): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const filters = asked(page.filters, route.filters, i18n.language)
  const report = useQuery({
    queryKey: ['report', plugin.name, page.name, filters, i18n.language],
    queryFn: ({ signal }) => plugins.report(plugin.name, page.name, filters, i18n.language, { signal }),
    placeholderData: (before) => before,
  })
  const choose = (name: string, value: string): void => {
    go({ ...route, filters: { ...route.filters, [name]: value } }, true)
  }
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{inLanguage(page.label, i18n.language)}</h1>
        <span className={styles.grow} />
        <span className={styles.dim}>{report.data === undefined ? '' : t('list.loadedAt', { time: clockTime(report.dataUpdatedAt) })}</span>
        <Button variant="default" leftSection={<IconRefresh size={14} />} loading={report.isRefetching} onClick={() => void report.refetch()}>{t('reload')}</Button>
        <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('report.print')}</Button>
      </header>
      {page.filters.length > 0 && (
        <div className={styles.tools} data-all>
          {page.filters.map((field) => (
            <FieldBox key={field.name} filter={!field.required} plugin={plugin.name} field={field} value={route.filters[field.name] ?? field.default ?? ''} onChange={(value) => { choose(field.name, value) }} />
          ))}
        </div>
      )}
      {report.isError && report.data !== undefined && (
        <div className={styles.warning} role="alert"><p>{t('list.old', { time: clockTime(report.dataUpdatedAt) })}</p></div>
      )}
      <div className={styles.scroll} aria-busy={report.isFetching}>
        {report.isError && report.data === undefined && (
          <>
            <EmptyState loaded={false}>{null}</EmptyState>
            <p className={styles.dim}>{errorText(report.error).message}</p>
          </>
        )}
        {report.isPending && <Loader />}
        {report.data?.blocks.map((block, at) => <BlockView key={at} block={block} />)}
      </div>
    </div>
  )
}

function BlockView({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'chart':
      return <ChartView block={block} />
    case 'facts':
      return <FactsView block={block} />
    case 'table':
      return <TableView block={block} />
    case 'note':
      return <NoteView block={block} />
  }
}

function Title({ text, children }: { text: string; children?: ReactNode }): ReactNode {
  return text === '' && children === undefined ? null : <h2>{text}<span className={styles.grow} />{children}</h2>
}

/** The same figures as a table for whoever does not see the chart, or wants to copy them. */
function ChartView({ block }: { block: ChartBlock }): ReactNode {
  const { t } = useTranslation('admin')
  const [asTable, setAsTable] = useState(false)
  const table: TableBlock = {
    kind: 'table',
    title: '',
    columns: ['', ...block.series.map(({ name }) => name)],
    rows: block.labels.map((label, at) => [label, ...block.series.map(({ values }) => { const value = values[at]; return value === null || value === undefined ? '–' : String(value) })]),
    numeric: block.series.map((_, at) => at + 1),
    empty: '',
  }
  return (
    <section className={styles.block}>
      <Title text={block.unit === '' ? block.title : `${block.title} (${block.unit})`}>
        <Button variant="subtle" onClick={() => { setAsTable(!asTable) }}>{asTable ? t('report.asChart') : t('report.asTable')}</Button>
      </Title>
      {asTable ? <TableBody block={table} /> : <Suspense fallback={<Loader />}><Chart block={block} /></Suspense>}
    </section>
  )
}

function FactsView({ block }: { block: FactsBlock }): ReactNode {
  return (
    <section className={styles.block}>
      <Title text={block.title} />
      <dl className={styles.blockFacts}>
        {block.items.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </section>
  )
}

function TableView({ block }: { block: TableBlock }): ReactNode {
  return (
    <section className={styles.block}>
      <Title text={block.title} />
      {block.rows.length === 0 ? <p className={styles.dim}>{block.empty}</p> : <TableBody block={block} />}
    </section>
  )
}

function TableBody({ block }: { block: TableBlock }): ReactNode {
  const numeric = (at: number): true | undefined => block.numeric.includes(at) || undefined
  return (
    <table className={styles.table}>
      <thead><tr>{block.columns.map((column, at) => <th key={at} scope="col" data-numeric={numeric(at)}><span>{column}</span></th>)}</tr></thead>
      <tbody>
        {block.rows.map((cells, row) => <tr key={row}>{cells.map((cell, at) => <td key={at} data-numeric={numeric(at)}>{cell}</td>)}</tr>)}
      </tbody>
    </table>
  )
}

function NoteView({ block }: { block: NoteBlock }): ReactNode {
  return (
    <p className={styles.note} role="note">
      <ShapeMark {...TONES[block.tone]} size={11} /> {block.text}
    </p>
  )
}
