/** The gazetteer: places by hand, by file, and every change with its way back. */
import { Button, Checkbox, CloseButton, Loader, TextInput } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { gazetteer, type PlaceFacts } from '@/lib/api/geo'
import { EmptyState, KeyHint, ShapeMark, showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { momentText } from '../fields/show'
import { go } from '../navigation'
import { useKeys } from '../useKeys'
import { FilePanel } from './FilePanel'
import { PlaceForm } from './PlaceForm'

export const FILE = 'import'

export function PlacesPage({ chosen }: { chosen: string | null }): ReactNode {
  const { t } = useTranslation('admin')
  const [q, setQ] = useState('')
  const [inactive, setInactive] = useState(false)
  const [input, setInput] = useState<HTMLInputElement | null>(null)
  const { data, isError } = useQuery({
    queryKey: ['gazetteer', q, inactive],
    queryFn: ({ signal }) => gazetteer.page(q, inactive, { signal }),
    placeholderData: keepPreviousData,
  })
  const open = (id: string | null): void => { go({ at: 'places', id }) }
  const close = (): void => { open(null) }
  useKeys({ n: () => { open('new') }, '/': () => { input?.focus() }, Escape: chosen === null ? undefined : close })
  const place = data?.items.find(({ id }) => id === chosen) ?? null
  const side = place !== null || [FILE, 'new'].includes(chosen ?? '')
  return (
    <div className={styles.page} data-open={side || undefined}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{t('places.title')}<small>{t('places.hint')}</small></h1>
        <span className={styles.grow} />
        <Button variant="default" leftSection={<IconFileImport size={14} />} onClick={() => { open(FILE) }}>{t('places.file')}</Button>
        <Button leftSection={<IconPlus size={14} />} onClick={() => { open('new') }} rightSection={<span className={styles.key}><KeyHint>n</KeyHint></span>}>{t('places.add')}</Button>
      </header>
      <div className={styles.tools} role="search">
        <TextInput ref={setInput} className={styles.search} type="search" label={t('list.search')} value={q} rightSection={<span className={styles.key}><KeyHint>/</KeyHint></span>} onChange={(event) => { setQ(event.currentTarget.value) }} />
        <Checkbox label={t('places.inactiveOnly')} checked={inactive} onChange={(event) => { setInactive(event.currentTarget.checked) }} />
      </div>
      <div className={styles.work} data-open={side || undefined}>
        <div className={styles.listBox}>
          <Table page={data} failed={isError} chosen={chosen} onOpen={open} />
        </div>
        {side && <Side place={place} file={chosen === FILE} onClose={close} />}
      </div>
    </div>
  )
}

function Side({ place, file, onClose }: { place: PlaceFacts | null; file: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const title = place?.name ?? t(file ? 'places.file' : 'places.add')
  return (
    <aside className={styles.side} aria-label={title}>
      <header className={styles.sideHead}>
        <h2>{title}</h2>
        <span className={styles.key}><KeyHint>Esc</KeyHint></span>
        <CloseButton aria-label={t('closePanel')} onClick={onClose} />
      </header>
      {file ? <FilePanel><Changes /></FilePanel> : <PlaceForm key={place?.id ?? 'new'} place={place} onClose={onClose} />}
    </aside>
  )
}

interface TableProps {
  /** Undefined: not loaded. */
  page: { items: readonly PlaceFacts[]; total: number } | undefined
  failed: boolean
  chosen: string | null
  onOpen: (id: string) => void
}

function Table({ page, failed, chosen, onOpen }: TableProps): ReactNode {
  const { t } = useTranslation('admin')
  if (page === undefined) return failed ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader m="md" />
  const { items: places, total } = page
  if (places.length === 0) return <EmptyState loaded>{t('list.nothingFits')}</EmptyState>
  const head = ['places.name', 'places.kind', 'places.village', 'places.variants', 'places.point', 'places.uses'] as const
  return (
    <>
      <table className={`${styles.table} ${styles.rows}`}>
        <thead><tr>{head.map((key) => <th key={key} scope="col"><span>{t(key)}</span></th>)}</tr></thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.id} data-row data-selected={place.id === chosen || undefined} data-archived={!place.active || undefined} onClick={() => { onOpen(place.id) }}>
              <td data-title><a href={`#/-/places/${encodeURIComponent(place.id)}`} onClick={(event) => { event.preventDefault() }}>{place.name}</a></td>
              <td data-label={t('places.kind')}>{place.kind}</td>
              <td data-label={t('places.village')}>{[place.village, place.kecamatan].filter(Boolean).join(', ')}</td>
              <td data-label={t('places.variants')} data-nothing={place.variants.length === 0 || undefined}>{place.variants.join(' · ')}</td>
              <td data-label={t('places.point')}>
                <span className={styles.state}>
                  <ShapeMark shape={place.lat === null ? 'ring' : 'circle'} hue={place.lat === null ? 'high' : 'ready'} size={10} />{' '}
                  {place.lat === null ? t('places.noPoint') : `± ${String(place.accuracy_m ?? '?')} m`}
                </span>
              </td>
              <td data-label={t('places.uses')}>{place.uses}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > places.length && <p className={styles.dim}>{t('places.more', { shown: places.length, total })}</p>}
    </>
  )
}

/** What was changed, newest first, each with its way back. */
function Changes(): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const client = useQueryClient()
  const { data, isError } = useQuery({ queryKey: ['gazetteer-changes'], queryFn: ({ signal }) => gazetteer.changes({ signal }) })
  const undo = useCommand((key: string, id: string) => gazetteer.undo(id, { key }), {
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['gazetteer'] })
      void client.invalidateQueries({ queryKey: ['gazetteer-changes'] })
      showDone(t('places.undone'))
    },
  })
  if (data === undefined) return isError ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader m="md" />
  return (
    <section className={styles.history}>
      <h3>{t('places.changes')}</h3>
      {data.length === 0 && <p className={styles.dim}>{t('places.noChanges')}</p>}
      {data.map((change) => (
        <div key={change.id} className={styles.inline}>
          <span className={styles.grow}>
            {t(`places.did.${change.kind}`, { title: change.title, count: change.rows })}
            <small className={styles.dim}> {change.by_name} · {momentText(change.at, i18n.language)}</small>
          </span>
          {change.undone_at === null ? (
            <Button size="compact-xs" variant="default" loading={undo.busy} onClick={() => void undo.run(change.id)}>{t('undo')}</Button>
          ) : (
            <small className={styles.dim}>{t('places.undone')}</small>
          )}
        </div>
      ))}
    </section>
  )
}

