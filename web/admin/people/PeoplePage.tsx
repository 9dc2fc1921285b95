/** The centre's people: their roles, and what each may do in the modules. */
import { Button, CloseButton, Loader, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState, KeyHint, ShapeMark } from '@/lib/ui'
import { inLanguage } from '@/lib/i18n'
import styles from '../admin.module.css'
import { admin } from '../api'
import type { ModuleView, PersonView } from '../model'
import { go } from '../navigation'
import { useKeys } from '../useKeys'
import { PersonForm } from './PersonForm'
import { roleName } from './roles'

export function PeoplePage({ chosen }: { chosen: string | null }): ReactNode {
  const { t } = useTranslation('admin')
  const [q, setQ] = useState('')
  const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => admin.people({ signal }) })
  const modules = useQuery({ queryKey: ['modules'], queryFn: ({ signal }) => admin.modules({ signal }) })
  const create = (): void => { go({ at: 'people', id: 'new' }) }
  const close = (): void => { go({ at: 'people', id: null }) }
  useKeys({ n: create, Escape: chosen === null ? undefined : close })
  const wanted = q.trim().toLowerCase()
  const shown = (people.data ?? []).filter((one) => `${one.display_name} ${one.username}`.toLowerCase().includes(wanted))
  const person = people.data?.find(({ id }) => id === chosen) ?? null
  const open = chosen === 'new' || person !== null
  return (
    <div className={styles.page} data-open={open || undefined}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{t('people.title')}<small>{t('people.hint')}</small></h1>
        <span className={styles.grow} />
        <Button leftSection={<IconPlus size={14} />} onClick={create} rightSection={<span className={styles.key}><KeyHint>n</KeyHint></span>}>{t('people.add')}</Button>
      </header>
      <SearchLine value={q} onChange={setQ} />
      <div className={styles.work} data-open={open || undefined}>
        <div className={styles.listBox}>
          <PeopleTable people={people.data === undefined ? null : shown} failed={people.isError} modules={modules.data ?? []} chosen={chosen} />
        </div>
        {open && <PersonPanel person={person} modules={modules.data ?? []} onClose={close} />}
      </div>
    </div>
  )
}

function PersonPanel({ person, modules, onClose }: { person: PersonView | null; modules: readonly ModuleView[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const title = person?.display_name ?? t('people.add')
  return (
    <aside className={styles.side} aria-label={title}>
      <header className={styles.sideHead}>
        <h2>{title}</h2>
        <span className={styles.key}><KeyHint>Esc</KeyHint></span>
        <CloseButton aria-label={t('closePanel')} onClick={onClose} />
      </header>
      <PersonForm key={person?.id ?? 'new'} person={person} modules={modules} onClose={onClose} />
    </aside>
  )
}

function SearchLine({ value, onChange }: { value: string; onChange: (text: string) => void }): ReactNode {
  const { t } = useTranslation('admin')
  const [input, setInput] = useState<HTMLInputElement | null>(null)
  useKeys({ '/': () => { input?.focus() } })
  return (
    <div className={styles.tools} role="search">
      <SearchInput inputRef={setInput} label={t('list.search')} value={value} onChange={onChange} />
    </div>
  )
}

interface SearchInputProps {
  inputRef: (node: HTMLInputElement | null) => void
  label: string
  value: string
  onChange: (text: string) => void
}

function SearchInput({ inputRef, label, value, onChange }: SearchInputProps): ReactNode {
  return (
    <TextInput ref={inputRef} className={styles.search} type="search" label={label} value={value} rightSection={<span className={styles.key}><KeyHint>/</KeyHint></span>} onChange={(event) => { onChange(event.currentTarget.value) }} />
  )
}

interface TableProps {
  /** Null: not loaded. */
  people: readonly PersonView[] | null
  failed: boolean
  modules: readonly ModuleView[]
  chosen: string | null
}

function PeopleTable({ people, failed, modules, chosen }: TableProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const grantsOf = (person: PersonView): string => {
    if (person.roles.includes('admin')) return t('people.allGrants')
    const names = modules.filter(({ permissions }) => permissions.some(({ name }) => person.grants.includes(name)))
    return names.map(({ title }) => inLanguage(title, i18n.language)).join(', ')
  }
  if (people === null) return failed ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader m="md" />
  if (people.length === 0) return <EmptyState loaded>{t('list.nothingFits')}</EmptyState>
  const head = ['people.name', 'people.username', 'people.roles', 'people.grants', 'people.state'] as const
  return (
    <table className={`${styles.table} ${styles.rows}`}>
      <thead><tr>{head.map((key) => <th key={key} scope="col"><span>{t(key)}</span></th>)}</tr></thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id} data-row data-selected={person.id === chosen || undefined} data-archived={person.disabled || undefined} onClick={() => { go({ at: 'people', id: person.id }) }}>
            <td data-title>
              <a href={`#/-/people/${encodeURIComponent(person.id)}`} onClick={(event) => { event.preventDefault() }}>{person.display_name}</a>
            </td>
            <td data-label={t('people.username')}>{person.username}</td>
            <td data-label={t('people.roles')}>{person.roles.map((role) => roleName(role)).join(', ')}</td>
            <td data-label={t('people.grants')} data-nothing={grantsOf(person) === '' || undefined}>{grantsOf(person)}</td>
            <td data-label={t('people.state')}>
              <span className={styles.state}>
                <ShapeMark shape={person.disabled ? 'cross' : 'circle'} hue={person.disabled ? 'quiet' : 'ready'} size={10} /> {person.disabled ? t('people.disabled') : t('people.active')}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
