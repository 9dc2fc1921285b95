import { Alert, Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { places as placesApi } from '@/lib/api'
import { gazetteer, type PlaceEdit, type PlaceFacts } from '@/lib/api/geo'
import { errorText, KeyHint, showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { useKeys } from '../useKeys'
import { editOf, EMPTY, typedOf, type TypedPlace } from './edit'

/** What villages, roads and areas are reckoned from: only names, point and accuracy of these change. */
const AREAS = ['kabupaten', 'kecamatan', 'kelurahan', 'desa', 'km_post', 'island']

export function PlaceForm({ place, onClose }: { place: PlaceFacts | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const client = useQueryClient()
  const [typed, setTyped] = useState<TypedPlace>(place === null ? EMPTY : typedOf(place))
  const [problem, setProblem] = useState<string | null>(null)
  const set = (part: Partial<TypedPlace>): void => { setProblem(null); setTyped((before) => ({ ...before, ...part })) }
  const area = place !== null && AREAS.includes(place.kind)
  const save = useCommand(
    (key: string, edit: PlaceEdit) => (place === null ? gazetteer.add(edit, { key }) : gazetteer.change(place.id, edit, { key })),
    {
      onDone: (change) => {
        void client.invalidateQueries({ queryKey: ['gazetteer'] })
        void client.invalidateQueries({ queryKey: ['gazetteer-changes'] })
        showDone(t('saved', { title: change.title }), { label: t('undo'), run: () => void undo.run(change.id) })
        if (place === null) onClose()
      },
      onError: (error) => { setProblem(errorText(error).message); return true },
    },
  )
  const undo = useCommand((key: string, id: string) => gazetteer.undo(id, { key }), {
    onDone: () => { void client.invalidateQueries({ queryKey: ['gazetteer'] }) },
  })
  const edit = editOf(typed)
  const ready = edit !== null && edit.name !== '' && edit.kind !== ''
  const submit = (): void => { if (edit !== null && ready) void save.run(edit) }
  useKeys({ 'Ctrl+Enter': submit })
  return (
    <>
      <form className={styles.sideBody} noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
        <div className={styles.form}>
          {problem !== null && <Alert color="alert" role="alert">{problem}</Alert>}
          <TextInput label={t('places.name')} required maxLength={200} value={typed.name} onChange={(event) => { set({ name: event.currentTarget.value }) }} />
          <TextInput label={t('places.kind')} description={t('places.kindHint')} required disabled={area} value={typed.kind} onChange={(event) => { set({ kind: event.currentTarget.value }) }} />
          {!area && <Village value={typed.village_code} onChange={(village_code) => { set({ village_code }) }} />}
          <TextInput label={t('places.point')} description={t('places.pointHint')} error={edit === null && t('places.pointWrong')} value={typed.point} onChange={(event) => { set({ point: event.currentTarget.value }) }} />
          <TextInput label={t('places.accuracy')} inputMode="numeric" value={typed.accuracy_m} onChange={(event) => { set({ accuracy_m: event.currentTarget.value.replace(/\D/g, '') }) }} />
          <Textarea label={t('places.variants')} description={t('places.variantsHint')} autosize minRows={3} value={typed.variants} onChange={(event) => { set({ variants: event.currentTarget.value }) }} />
          {place !== null && !area && (
            <Checkbox label={t('places.disable')} description={t('places.disableHint')} checked={!typed.active} onChange={(event) => { set({ active: !event.currentTarget.checked }) }} />
          )}
          {place !== null && <p className={styles.dim}>{t('places.source', { source: place.source })}</p>}
        </div>
        <button type="submit" hidden />
      </form>
      <footer className={styles.sideFoot}>
        <Button loading={save.busy} disabled={!ready} onClick={submit} rightSection={<span className={styles.key}><KeyHint>Ctrl+↵</KeyHint></span>}>{t('save', { ns: 'common' })}</Button>
        <Button variant="default" onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      </footer>
    </>
  )
}

function Village({ value, onChange }: { value: string; onChange: (code: string) => void }): ReactNode {
  const { t } = useTranslation('admin')
  const { data } = useQuery({ queryKey: ['places-all'], queryFn: ({ signal }) => placesApi.all({ signal }), staleTime: 600_000 })
  const villages = (data ?? []).filter(({ kind }) => kind === 'desa' || kind === 'kelurahan')
  return (
    <Select
      label={t('places.village')}
      searchable
      clearable
      value={value === '' ? null : value}
      data={villages.map(({ id, name, kecamatan }) => ({ value: id, label: `${name}, ${kecamatan ?? ''}` }))}
      onChange={(code) => { onChange(code ?? '') }}
    />
  )
}
