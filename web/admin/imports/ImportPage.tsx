/** A file becomes rows: dropped, checked and shown, then applied; what was applied can be undone. */
import { Button, Loader } from '@mantine/core'
import { IconArrowLeft, IconFileSpreadsheet } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, errorText, showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { imports } from '../api'
import { faultsOf } from '../faults'
import { momentText } from '../fields/show'
import type { Fault, ImportPreview, ImportRecord, PluginView, ResourcePage } from '../model'
import { go } from '../navigation'
import { pageRoute } from '../route'

interface Props {
  plugin: PluginView
  page: ResourcePage
}

/** More faults than this are not read; the file needs a look as a whole. */
const MOST_FAULTS = 100
const LARGEST_BYTES = 10 * 1024 * 1024

export function ImportPage({ plugin, page }: Props): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const client = useQueryClient()
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const changed = (): void => {
    void client.invalidateQueries({ queryKey: ['imports', plugin.name, page.name] })
    void client.invalidateQueries({ queryKey: ['rows', plugin.name] })
  }
  const check = useCommand((key: string, file: File) => imports.check(plugin.name, page.name, file, { key }), {
    onDone: setPreview,
    onError: (error) => {
      const faults = faultsOf(error)
      const { title, message } = errorText(error)
      setProblem(faults.length > 0 ? faults.map((fault) => inLanguage(fault.message, i18n.language)).join(' ') : `${title}. ${message}`)
      return true
    },
  })
  const undo = useCommand((key: string, id: string) => imports.undo(plugin.name, page.name, id, { key }), {
    onDone: () => {
      changed()
      showDone(t('import.undone'))
    },
  })
  const apply = useCommand((key: string, id: string) => imports.apply(plugin.name, page.name, id, { key }), {
    onDone: (_record, id) => {
      setPreview(null)
      changed()
      showDone(t('import.applied'), { label: t('undo'), run: () => void undo.run(id) })
    },
  })
  const take = (file: File): void => {
    setPreview(null)
    setProblem(null)
    if (file.size > LARGEST_BYTES) setProblem(t('import.tooLarge'))
    else void check.run(file)
  }
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <Button variant="default" leftSection={<IconArrowLeft size={14} />} onClick={() => { go(pageRoute(plugin.name, page.name)) }}>
          {inLanguage(page.label, i18n.language)}
        </Button>
        <h1 tabIndex={-1}>{t('import.title', { label: inLanguage(page.label, i18n.language) })}</h1>
      </header>
      <div className={styles.scroll}>
        <p className={styles.dim}>
          {t('import.how')}{' '}
          <a href={imports.templateAt(plugin.name, page.name, 'xlsx')} download>{t('import.template', { form: 'XLSX' })}</a>{' · '}
          <a href={imports.templateAt(plugin.name, page.name, 'csv')} download>{t('import.template', { form: 'CSV' })}</a>
        </p>
        <DropZone busy={check.busy} onFile={take} />
        {problem !== null && <div className={styles.warning} data-bad role="alert" style={{ margin: '12px 0' }}><p>{problem}</p></div>}
        {preview !== null && <Preview page={page} preview={preview} busy={apply.busy} onApply={() => void apply.run(preview.id)} onDrop={() => { setPreview(null) }} />}
        <History plugin={plugin.name} page={page.name} busy={undo.busy} onUndo={(id) => void undo.run(id)} />
      </div>
    </div>
  )
}

function DropZone({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }): ReactNode {
  const { t } = useTranslation('admin')
  const chooser = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file !== undefined) onFile(file)
  }
  return (
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => { event.preventDefault(); setOver(true) }}
      onDragLeave={() => { setOver(false) }}
      onDrop={drop}
    >
      {busy ? <Loader aria-label={t('import.checking')} /> : <IconFileSpreadsheet size={34} stroke={1.3} aria-hidden />}
      <p>{busy ? t('import.checking') : t('import.drop')}</p>
      <Button size="sm" disabled={busy} onClick={() => chooser.current?.click()}>{t('import.choose')}</Button>
      <p className={styles.dim}>{t('import.limits')}</p>
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </div>
  )
}

interface PreviewProps {
  page: ResourcePage
  preview: ImportPreview
  busy: boolean
  onApply: () => void
  onDrop: () => void
}

function Preview({ page, preview, busy, onApply, onDrop }: PreviewProps): ReactNode {
  const { t } = useTranslation('admin')
  const { faults } = preview
  const some = preview.new + preview.changed > 0
  return (
    <section aria-label={t('import.preview')}>
      <div className={styles.counts}>
        {(['new', 'changed', 'same'] as const).map((name) => (
          <div key={name} className={styles.count}><span className={styles.dim}>{t(`import.count.${name}`)}</span><b>{preview[name]}</b></div>
        ))}
        <div className={styles.count} data-bad={faults.length > 0 || undefined}><span className={styles.dim}>{t('import.count.faults')}</span><b>{faults.length}</b></div>
      </div>
      <FaultList faults={faults} page={page} />
      <div className={styles.inline} style={{ marginBottom: 14 }}>
        <Button size="sm" loading={busy} disabled={faults.length > 0 || !some} onClick={onApply}>{t('import.apply', { count: preview.new + preview.changed })}</Button>
        <Button size="sm" variant="default" onClick={onDrop}>{t('cancel', { ns: 'common' })}</Button>
        <span className={styles.dim}>{faults.length > 0 ? t('import.faultsFirst') : some ? t('import.notYet') : t('import.nothingNew')}</span>
      </div>
      {preview.sample.length > 0 && (
        <div className={styles.block}>
          <h2>{t('import.sample')}</h2>
          <table className={styles.table}>
            <thead><tr>{preview.columns.map((column) => <th key={column} scope="col"><span>{column}</span></th>)}</tr></thead>
            <tbody>
              {preview.sample.map((cells, at) => (
                <tr key={at}>{cells.map((cell, column) => <td key={column}>{cell === null ? '–' : String(cell)}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function columnName(page: ResourcePage, name: string, language: string): string {
  const field = page.fields.find((one) => one.name === name)
  return field === undefined ? name || '–' : inLanguage(field.label, language)
}

function FaultList({ faults, page }: { faults: readonly Fault[]; page: ResourcePage }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  if (faults.length === 0) return null
  return (
    <div className={styles.block} role="alert">
      <h2>{t('import.faults')}</h2>
      <table className={styles.table}>
        <thead><tr><th scope="col"><span>{t('import.line')}</span></th><th scope="col"><span>{t('import.column')}</span></th><th scope="col"><span>{t('import.what')}</span></th></tr></thead>
        <tbody>
          {faults.slice(0, MOST_FAULTS).map((fault, at) => (
            <tr key={at}>
              <td>{fault.row ?? '–'}</td>
              <td>{columnName(page, fault.field, i18n.language)}</td>
              <td style={{ whiteSpace: 'normal' }}>{inLanguage(fault.message, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {faults.length > MOST_FAULTS && <p className={styles.dim}>{t('import.moreFaults', { count: faults.length - MOST_FAULTS })}</p>}
    </div>
  )
}

function History({ plugin, page, busy, onUndo }: { plugin: string; page: string; busy: boolean; onUndo: (id: string) => void }): ReactNode {
  const { t } = useTranslation('admin')
  const { data } = useQuery({ queryKey: ['imports', plugin, page], queryFn: ({ signal }) => imports.history(plugin, page, { signal }) })
  const past = data?.filter(({ state }) => state !== 'checked')
  return (
    <section>
      <h2 className={styles.section}>{t('import.history')}</h2>
      {past === undefined || past.length === 0 ? (
        <EmptyState loaded={past !== undefined}>{t('import.noHistory')}</EmptyState>
      ) : (
        <div className={styles.cards}>{past.map((one) => <Past key={one.id} record={one} busy={busy} onUndo={onUndo} />)}</div>
      )}
    </section>
  )
}

function Past({ record, busy, onUndo }: { record: ImportRecord; busy: boolean; onUndo: (id: string) => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  return (
    <div className={styles.card}>
      <b>{record.filename}</b>
      <span className={styles.dim}>{momentText(record.at, i18n.language)}{record.actor_name ? ` · ${record.actor_name}` : ''}</span>
      <span>{t('import.was', { fresh: record.new, changed: record.changed })}</span>
      <span className={styles.grow} />
      {record.state === 'undone' ? <span className={styles.dim}>{t('import.wasUndone')}</span> : <Button variant="default" loading={busy} onClick={() => { onUndo(record.id) }}>{t('import.undo')}</Button>}
    </div>
  )
}
