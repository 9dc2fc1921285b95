import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import styles from '../admin.module.css'
import { records } from '../api'
import { momentText, valueText } from '../fields/show'
import type { ResourcePage, Row, RowChange, Value } from '../model'

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
  const action = page.actions.find(({ name }) => name === change.act)
  const what = isKnown(change.act) ? t(`history.${change.act}`) : action === undefined ? change.act : inLanguage(action.label, i18n.language)
  return (
    <li>
      <b>{what}</b> <span className={styles.dim}>{momentText(change.at, i18n.language)} · {change.by === '' ? t('history.program') : change.by}</span>
      {change.changes.map(({ field: name, label, before, after }) => {
        const field = page.fields.find((one) => one.name === name)
        const text = (value: Value): string => (field === undefined ? '…' : valueText(field, value, i18n.language))
        return (
          <div key={name}>
            {inLanguage(label, i18n.language)}: {before === null ? '' : `${text(before)} → `}{text(after)}
          </div>
        )
      })}
    </li>
  )
}
