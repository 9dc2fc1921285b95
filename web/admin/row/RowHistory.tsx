import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import styles from '../admin.module.css'
import { plugins, records } from '../api'
import { momentText, valueText } from '../fields/show'
import type { Field, FieldChange, ResourcePage, Row, RowChange, Value } from '../model'

const WHATS = ['create', 'edit', 'archive', 'restore', 'import', 'undo'] as const
const isKnown = (what: string): what is (typeof WHATS)[number] => (WHATS as readonly string[]).includes(what)

/** Who changed what and when; absent where the centre keeps no history of this row. */
export function RowHistory({ plugin, page, row }: { plugin: string; page: ResourcePage; row: Row }): ReactNode {
  const { t } = useTranslation('admin')
  const { data } = useQuery({
    queryKey: ['history', plugin, page.name, row.id],
    queryFn: ({ signal }) => records.history(plugin, page.name, row.id, { signal }),
    retry: false,
  })
  if (data === undefined || data.length === 0) return null
  return (
    <section className={styles.history}>
      <h3>{t('history.title')}</h3>
      <ol>
        {data.map((change) => (
          <Change key={change.id} change={change} page={page} />
        ))}
      </ol>
    </section>
  )
}

function Change({ change, page }: { change: RowChange; page: ResourcePage }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const what = isKnown(change.what) ? t(`history.${change.what}`) : change.label === null ? t('history.action') : inLanguage(change.label, i18n.language)
  return (
    <li>
      <b>{what}</b> <span className={styles.dim}>{momentText(change.at, i18n.language)} · {change.actor_name === '' ? t('history.program') : change.actor_name}</span>
      {change.changes.map((one) => (
        <div key={one.field}>
          {inLanguage(one.label, i18n.language)}: <ChangedValue change={one} field={page.fields.find(({ name }) => name === one.field)} />
        </div>
      ))}
    </li>
  )
}

function ChangedValue({ change, field }: { change: FieldChange; field: Field | undefined }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  if (change.hidden) return <span className={styles.dim}>{t('history.hidden')}</span>
  if (field === undefined) return '…'
  const value = (value: Value, shown: string | null): ReactNode =>
    field.kind === 'photo' && typeof value === 'string' && value !== '' ? (
      <img className={styles.thumb} src={plugins.fileAt(value)} alt="" loading="lazy" />
    ) : (
      valueText(field, value, i18n.language, shown ?? undefined)
    )
  return (
    <>
      {change.before === null ? '' : <>{value(change.before, change.before_shown)} → </>}
      {value(change.after, change.after_shown)}
    </>
  )
}
