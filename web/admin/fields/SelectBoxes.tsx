/** Boxes that look something up: a village of the centre, a row of another resource. */
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { records, villages } from '../api'
import { keep, readKept } from '../kept'
import type { Reference } from '../model'
import type { PlaceMark } from '@/lib/api'
import type { BoxProps, Common } from './FieldBox'

type Props = BoxProps & { common: Common }

const DAY_MS = 86_400_000
const TYPING_MS = 200

/** Why the list is empty: nothing fits, or nothing was loaded. */
function NoneFound({ failed, loaded }: { failed: boolean; loaded: boolean }): ReactNode {
  const { t } = useTranslation('admin')
  if (loaded) return t('noneFound')
  return failed ? t('notLoaded', { ns: 'common' }) : t('loading', { ns: 'common' })
}

export function VillageBox({ value, onChange, shown, common, filter }: Props): ReactNode {
  const { t } = useTranslation('admin')
  const { data, isError } = useQuery({
    queryKey: ['villages'],
    queryFn: async ({ signal }) => {
      const all = await villages({ signal })
      keep('villages', all)
      return all
    },
    initialData: () => readKept<PlaceMark[]>('villages'),
    initialDataUpdatedAt: 0,
    staleTime: DAY_MS,
    networkMode: 'always',
  })
  const options = (data ?? []).map(({ id, name, kecamatan }) => ({ value: id, label: kecamatan === null ? name : `${name} (${kecamatan})` }))
  const known = options.some((option) => option.value === value)
  return (
    <Select
      {...common}
      searchable
      clearable={!common.required}
      placeholder={filter === true ? t('all') : t('searchVillage')}
      nothingFoundMessage={<NoneFound failed={isError} loaded={data !== undefined} />}
      data={known || value === '' ? options : [{ value, label: shown ?? value }, ...options]}
      value={value === '' ? null : value}
      onChange={(next) => { onChange(next ?? '') }}
      limit={60}
    />
  )
}

interface Option {
  value: string
  label: string
}

const currentOf = (value: string, chosen: Option | null, shown: string | undefined): Option | null => {
  if (value === '') return null
  return chosen?.value === value ? chosen : { value, label: shown ?? value }
}

export function ReferenceBox({ plugin, field, value, onChange, shown, common, filter }: Props): ReactNode {
  const { t } = useTranslation('admin')
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<Option | null>(null)
  const [asked] = useDebouncedValue(search, TYPING_MS)
  const resource = field.resource ?? ''
  const current = currentOf(value, chosen, shown)
  const q = asked === current?.label ? '' : asked
  const { data, isError } = useQuery({
    queryKey: ['choices', plugin, resource, q],
    queryFn: async ({ signal }) => {
      const found = await records.choices(plugin, resource, q, { signal })
      if (q === '') keep(`choices.${plugin}.${resource}`, found)
      return found
    },
    initialData: () => (q === '' ? readKept<Reference[]>(`choices.${plugin}.${resource}`) : undefined),
    initialDataUpdatedAt: 0,
    placeholderData: (before) => before,
    networkMode: 'always',
  })
  const options = (data ?? []).map(({ id, title }) => ({ value: id, label: title }))
  const named = options.find((option) => option.value === value)
  return (
    <Select
      {...common}
      searchable
      clearable={!common.required}
      placeholder={filter === true ? t('all') : t('searchHere')}
      nothingFoundMessage={<NoneFound failed={isError} loaded={data !== undefined} />}
      data={current === null || named !== undefined ? options : [current, ...options]}
      filter={({ options: all }) => all}
      value={value === '' ? null : value}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(next, option) => {
        setChosen(option === null ? null : { value: option.value, label: option.label })
        onChange(next ?? '')
      }}
    />
  )
}
