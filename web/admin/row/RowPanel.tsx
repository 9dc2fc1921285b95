/** One row beside the list: its form, its actions and its history. */
import { Alert, Button, CloseButton, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, KeyHint, showDone, showError, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins, records } from '../api'
import { dropDraft, readDraft } from '../drafts'
import { isStale } from '../faults'
import { Fields } from '../Fields'
import { momentText, valueText } from '../fields/show'
import { typedRow } from '../fields/typed'
import type { Field, PluginView, ResourcePage, Row, Value, Values } from '../model'
import { go, useGuard } from '../navigation'
import type { PageRoute } from '../route'
import { useFields, type FieldsState } from '../useFields'
import { useKeys } from '../useKeys'
import { RowActions } from './RowActions'
import { RowHistory } from './RowHistory'

export interface PanelProps {
  plugin: PluginView
  page: ResourcePage
  route: PageRoute
}

const rowKey = ({ plugin, page, route }: PanelProps): readonly unknown[] => ['row', plugin.name, page.name, route.row]

export function RowPanel(props: PanelProps): ReactNode {
  const { plugin, page, route } = props
  const { i18n } = useTranslation()
  const isNew = route.row === 'new'
  const { data: row, isError, error } = useQuery({
    queryKey: rowKey(props),
    queryFn: ({ signal }) => records.one(plugin.name, page.name, route.row ?? '', { signal }),
    enabled: !isNew,
    refetchOnMount: 'always',
  })
  const [loadedVersion, setLoadedVersion] = useState<{ row: Row } | null>(null)
  // The form keeps the version it began with: a refetch must not change what somebody is typing.
  if (row !== undefined && loadedVersion?.row.id !== row.id) setLoadedVersion({ row })
  if (isNew) return <RowForm key="new" {...props} row={null} onFresh={() => undefined} />
  if (loadedVersion !== null && loadedVersion.row.id === route.row) {
    return (
      <RowForm
        key={`${loadedVersion.row.id}:${loadedVersion.row.version}`}
        {...props}
        row={loadedVersion.row}
        onFresh={(fresh) => { setLoadedVersion({ row: fresh }) }}
      />
    )
  }
  return (
    <aside className={styles.side}>
      <PanelHead title={inLanguage(page.one, i18n.language)} onClose={() => { go({ ...route, row: null }) }} />
      <div className={styles.sideBody}>
        {isError ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader />}
        {isError && error instanceof Error && <p className={styles.dim}>{error.message}</p>}
      </div>
    </aside>
  )
}

function PanelHead({ title, onClose }: { title: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => { heading.current?.focus() }, [])
  return (
    <header className={styles.sideHead}>
      <h2 ref={heading} tabIndex={-1}>{title}</h2>
      <span className={styles.key}><KeyHint>Esc</KeyHint></span>
      <CloseButton aria-label={t('closePanel')} onClick={onClose} />
    </header>
  )
}

interface RowFormProps extends PanelProps {
  row: Row | null
  onFresh: (row: Row) => void
}

interface RowFormState {
  form: FieldsState
  editable: boolean
  /** Typed before a reload and brought back. */
  restored: boolean
  /** Somebody else has stored a newer version. */
  stale: boolean
  busy: boolean
  submit: () => void
  /** Throws away what was typed. */
  drop: () => void
  /** Loads the newest version in place of what was typed. */
  reload: () => void
  changed: (row: Row) => void
}

/** Adds the row, or edits the version that it was begun with. */
function stored({ plugin, page, row }: RowFormProps, version: number | null, key: string, values: Values): Promise<Row> {
  if (row === null) return records.add(plugin.name, page.name, values, { key })
  return records.edit(plugin.name, page.name, row.id, values, { key, ifMatch: version ?? row.version })
}

const isEditable = ({ page, row }: RowFormProps): boolean => page.can_edit && (row === null || row.archived_at === null)

function useRowForm(props: RowFormProps): RowFormState {
  const { plugin, page, route, row, onFresh } = props
  const { t, i18n } = useTranslation('admin')
  const client = useQueryClient()
  const draft = `${plugin.name}/${page.name}/${row?.id ?? 'new'}`
  const [kept] = useState(() => readDraft(draft, Date.now()))
  const [stale, setStale] = useState(false)
  const initial = typedRow(page.fields, row?.values ?? null, i18n.language)
  const version = kept?.version ?? row?.version ?? null
  const editable = isEditable(props)
  const form = useFields({ fields: page.fields, initial, restored: kept?.typed ?? null, draft, version })
  useGuard(form.dirty)
  const changed = (next: Row): void => {
    client.setQueryData(['row', plugin.name, page.name, next.id], next)
    void client.invalidateQueries({ queryKey: ['rows', plugin.name] })
    void client.invalidateQueries({ queryKey: ['history', plugin.name, page.name, next.id] })
    onFresh(next)
  }
  const send = (key: string, values: Values): Promise<Row> => stored(props, version, key, values)
  const save = useCommand(send, {
    onDone: (next) => {
      form.reset(form.typed)
      changed(next)
      showDone(t('saved', { title: next.title }))
      if (row === null) setTimeout(() => { go({ ...route, row: null }) }) // after the guard has let go
    },
    onError: (error) => {
      const old = row !== null && isStale(error)
      setStale(old)
      return form.take(error) || old
    },
  })
  return {
    form,
    editable,
    restored: kept !== null && form.dirty,
    stale,
    busy: save.busy,
    changed,
    drop: () => { form.reset(initial) },
    submit: () => {
      const values = editable ? form.check() : null
      if (values !== null) void save.run(values)
    },
    reload: () => {
      records.one(plugin.name, page.name, route.row ?? '').then((fresh) => {
        dropDraft(draft)
        form.reset(initial)
        changed(fresh)
      }, showError)
    },
  }
}

function RowForm(props: RowFormProps): ReactNode {
  const { plugin, page, route, row } = props
  const { t, i18n } = useTranslation('admin')
  const state = useRowForm(props)
  const { form, editable, submit } = state
  const close = (): void => { go({ ...route, row: null }) }
  useKeys({ Escape: close, 'Ctrl+Enter': submit })
  const title = row === null ? t('newOne', { one: inLanguage(page.one, i18n.language) }) : row.title
  return (
    <aside className={styles.side} aria-label={title}>
      <PanelHead title={title} onClose={close} />
      <div className={styles.sideBody}>
        {row !== null && <RowActions plugin={plugin} page={page} row={row} dirty={form.dirty} onDone={state.changed} />}
        <Warnings state={state} />
        {editable ? (
          <form noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
            <Fields plugin={plugin.name} fields={page.fields} form={form} shown={row?.shown ?? {}} />
            <button type="submit" hidden />
          </form>
        ) : (
          <Facts page={page} row={row} />
        )}
        {editable && <Untyped page={page} row={row} />}
        {row !== null && <RowHistory plugin={plugin.name} page={page} row={row} />}
      </div>
      {editable && <PanelFoot state={state} row={row} onClose={close} />}
    </aside>
  )
}

function Warnings({ state }: { state: RowFormState }): ReactNode {
  const { t } = useTranslation('admin')
  return (
    <>
      {state.stale && (
        <Alert color="alert" role="alert" title={t('stale.title')} mb="md">
          <p>{t('stale.text')}</p>
          <Button variant="default" onClick={state.reload}>{t('stale.reload')}</Button>
        </Alert>
      )}
      {state.restored && (
        <p className={styles.dim}>
          {t('draft.restored')} <Button variant="subtle" onClick={state.drop}>{t('draft.drop')}</Button>
        </p>
      )}
    </>
  )
}

function PanelFoot({ state, row, onClose }: { state: RowFormState; row: Row | null; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  return (
    <footer className={styles.sideFoot}>
      <Button loading={state.busy} disabled={row !== null && !state.form.dirty} onClick={state.submit} rightSection={<span className={styles.key}><KeyHint>Ctrl+↵</KeyHint></span>}>
        {t('save', { ns: 'common' })}
      </Button>
      <Button variant="default" onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      <span className={styles.grow} />
      {row !== null && <span className={styles.dim}>{t('changedAt', { time: momentText(row.updated_at, i18n.language) })}</span>}
    </footer>
  )
}

/** What the program sets and nobody types. */
function Untyped({ page, row }: { page: ResourcePage; row: Row | null }): ReactNode {
  const fields = page.fields.filter((field) => !field.typed)
  return row === null || fields.length === 0 ? null : <FactList fields={fields} row={row} />
}

function Facts({ page, row }: { page: ResourcePage; row: Row | null }): ReactNode {
  return row === null ? null : <FactList fields={page.fields} row={row} />
}

function FactList({ fields, row }: { fields: ResourcePage['fields']; row: Row }): ReactNode {
  const { i18n } = useTranslation()
  return (
    <dl className={styles.facts}>
      {fields.map((field) => {
        return (
          <FactPair key={field.name} label={inLanguage(field.label, i18n.language)}>
            <Fact field={field} value={row.values[field.name]} shown={row.shown[field.name]} />
          </FactPair>
        )
      })}
    </dl>
  )
}

/** Of a link: an https address, or a path of this centre, such as that of a private file. */
const ADDRESS = /^(https:\/\/|\/(?!\/))/

function Fact({ field, value, shown }: { field: Field; value: Value | undefined; shown: string | undefined }): ReactNode {
  const { i18n } = useTranslation()
  const text = valueText(field, value, i18n.language, shown)
  if (typeof value !== 'string' || value === '') return text
  if (field.kind === 'photo') return <img className={styles.photo} src={plugins.fileAt(value)} alt="" />
  return field.kind === 'link' && ADDRESS.test(value) ? <a href={value} target="_blank" rel="noreferrer">{text}</a> : text
}

function FactPair({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}
