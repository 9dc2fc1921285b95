import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import styles from '../admin.module.css'
import { plugins } from '../api'
import { isNumeric, valueText } from '../fields/show'
import type { Field, Kind, ResourcePage, Row } from '../model'
import { go } from '../navigation'
import { formatRoute, type PageRoute } from '../route'

interface Props {
  page: ResourcePage
  route: PageRoute
  rows: readonly Row[]
}

const UNSORTABLE: readonly Kind[] = ['point', 'photo', 'long_text', 'reference', 'village']

export function RowTable({ page, route, rows }: Props): ReactNode {
  const { i18n } = useTranslation()
  const columns = page.fields.filter((field) => field.in_list || field.name === page.title)
  const sort = route.sort === '' ? page.order : route.sort
  return (
    <table className={`${styles.table} ${styles.rows}`}>
      <caption hidden>{inLanguage(page.label, i18n.language)}</caption>
      <thead>
        <tr>
          {columns.map((field) => (
            <Heading key={field.name} field={field} sort={sort} onSort={(next) => { go({ ...route, sort: next }, true) }} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            data-row
            data-selected={row.id === route.row || undefined}
            data-archived={row.archived_at !== null || undefined}
            onClick={() => { go({ ...route, row: row.id }) }}
          >
            {columns.map((field) => (
              <Cell key={field.name} field={field} row={row} isTitle={field.name === page.title} to={{ ...route, row: row.id }} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Heading({ field, sort, onSort }: { field: Field; sort: string; onSort: (sort: string) => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const label = inLanguage(field.label, i18n.language)
  const up = sort === field.name
  const down = sort === `-${field.name}`
  const numeric = isNumeric(field) || undefined
  if (UNSORTABLE.includes(field.kind)) return <th scope="col" data-numeric={numeric}><span>{label}</span></th>
  return (
    <th scope="col" aria-sort={up ? 'ascending' : down ? 'descending' : 'none'} data-numeric={numeric}>
      <UnstyledButton title={t('list.sort', { label })} onClick={() => { onSort(up ? `-${field.name}` : field.name) }}>
        {label}
        {up && <IconArrowUp size={13} aria-hidden />}
        {down && <IconArrowDown size={13} aria-hidden />}
      </UnstyledButton>
    </th>
  )
}

interface CellProps {
  field: Field
  row: Row
  isTitle: boolean
  to: PageRoute
}

function Cell({ field, row, isTitle, to }: CellProps): ReactNode {
  const { i18n } = useTranslation()
  const value = row.values[field.name]
  const nothing = value === null || value === undefined || value === ''
  const text = valueText(field, value, i18n.language, row.shown[field.name])
  const open = (event: MouseEvent): void => {
    event.stopPropagation()
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <td data-title={isTitle || undefined} data-label={inLanguage(field.label, i18n.language)} data-numeric={isNumeric(field) || undefined} data-nothing={nothing || undefined}>
      {isTitle ? (
        <a href={formatRoute(to)} onClick={open}>{nothing ? row.title : text}</a>
      ) : field.kind === 'photo' && typeof value === 'string' && value !== '' ? (
        <img className={styles.thumb} src={plugins.fileAt(value)} alt="" loading="lazy" />
      ) : (
        text
      )}
    </td>
  )
}
