/** Hazards, gate codes and the like that hold at a place; a dispatcher adds one, and it expires. */
import { Button, Select, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconFirstAidKit, IconKey, IconPhone, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { geo, NOTE_KINDS, type NewPremiseNote, type NoteKind, type PremiseNote } from '@/lib/api/geo'
import type { Place } from '@/lib/events/generated'
import { dayOf, useCommand } from '@/lib/ui'
import styles from './console.module.css'
import { useDesk } from './desk'

const ICONS = { hazard: IconAlertTriangle, access: IconKey, medical: IconFirstAidKit, contact: IconPhone }
const DAY_MS = 86_400_000
/** Days that a note may hold; whoever needs it longer looks again. */
const HOLDS = ['7', '30', '180', '365'] as const

const NO_NOTES: readonly PremiseNote[] = []

function useNotes(place: Place | null): { notes: readonly PremiseNote[]; failed: boolean } {
  const point = place?.point ?? null
  const accuracy = place?.accuracy_m ?? null
  const { data, isError } = useQuery({
    queryKey: ['premise-notes', point, accuracy],
    queryFn: ({ signal }) => (point === null ? [] : geo.notesAt(point, accuracy, { signal })),
    enabled: point !== null,
    staleTime: 15_000,
  })
  return { notes: data ?? NO_NOTES, failed: isError }
}

/** `writable`: with the button to add one. */
export function PremiseNotes({ place, writable = false }: { place: Place | null; writable?: boolean }): ReactNode {
  const { t } = useTranslation('console')
  const { user } = useDesk()
  const [adding, setAdding] = useState(false)
  const queries = useQueryClient()
  const point = place?.point ?? null
  const { notes, failed } = useNotes(place)
  const mayWrite = writable && (user.roles.includes('dispatcher') || user.roles.includes('supervisor'))
  const changed = (): void => void queries.invalidateQueries({ queryKey: ['premise-notes'] })
  const end = useCommand((key, note: PremiseNote) => geo.endNote(note.id, { key }), { onDone: changed })
  if (point === null) return null
  if (failed) return <p className={styles.redFlag}>{t('notes.failed')}</p>
  return (
    <div className={styles.premises}>
      {notes.map((note) => (
        <Note key={note.id} note={note} onEnd={mayWrite ? () => void end.run(note) : null} />
      ))}
      {mayWrite && !adding && (
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconPlus size={12} />} onClick={() => setAdding(true)}>
          {t('notes.add')}
        </Button>
      )}
      {adding && (
        <NoteForm
          point={point}
          onDone={() => {
            setAdding(false)
            changed()
          }}
        />
      )}
    </div>
  )
}

function Note({ note, onEnd }: { note: PremiseNote; onEnd: (() => void) | null }): ReactNode {
  const { t, i18n } = useTranslation('console')
  const Icon = ICONS[note.kind]
  return (
    <div className={styles.premise} data-kind={note.kind}>
      <Icon size={14} aria-hidden />
      <b>{t(`notes.kind.${note.kind}`)}</b>
      <span className={styles.premiseText}>{note.text}</span>
      <small>
        {note.away_m > 0 && `${note.away_m} m · `}
        {t('notes.until', { day: dayOf(note.expires_at, i18n.language) })}
      </small>
      {onEnd !== null && (
        <button type="button" className={styles.linkButton} onClick={onEnd}>
          {t('notes.end')}
        </button>
      )}
    </div>
  )
}

function NoteForm({ point, onDone }: { point: NewPremiseNote['point']; onDone: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const [kind, setKind] = useState<NoteKind>('hazard')
  const [text, setText] = useState('')
  const [days, setDays] = useState<string>('180')
  const write = useCommand((key, note: NewPremiseNote) => geo.writeNote(note, { key }), { onDone })
  const send = (): void => {
    const expires_at = new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    if (text.trim() !== '') void write.run({ kind, text: text.trim(), point, expires_at })
  }
  return (
    <form
      className={styles.premiseForm}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Select
        size="xs"
        aria-label={t('notes.kindLabel')}
        value={kind}
        allowDeselect={false}
        data={NOTE_KINDS.map((value) => ({ value, label: t(`notes.kind.${value}`) }))}
        onChange={(value) => setKind(value ?? 'hazard')}
      />
      <TextInput
        size="xs"
        className={styles.premiseText}
        aria-label={t('notes.text')}
        placeholder={t('notes.text')}
        maxLength={500}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select
        size="xs"
        aria-label={t('notes.holds')}
        value={days}
        allowDeselect={false}
        data={HOLDS.map((value) => ({ value, label: t('notes.days', { count: Number(value) }) }))}
        onChange={(value) => setDays(value ?? '180')}
      />
      <Button size="xs" type="submit" loading={write.busy} disabled={text.trim() === ''}>
        {t('notes.save')}
      </Button>
    </form>
  )
}
