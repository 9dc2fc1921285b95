/** The report as it is taken: type, questions, place, story; duplicates first, then one key opens the incident. */
import { Button, Textarea, TextInput } from '@mantine/core'
import { IconEraser } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, calls, incidents, newKey, protocols, type ProtocolView, type Similar, type TriageResult } from '@/lib/api'
import { twins } from '@/lib/api/geo'
import type { CallView, IncidentView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { lastProtocolChange, useLive } from '@/lib/store'
import { EmptyState, KeyHint, Panel, showDone, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { KEYS, useKeys } from '../keys'
import { PremiseNotes } from '../PremiseNotes'
import type { Draft, DraftValue } from './draft'
import { Duplicates } from './Duplicates'
import { Metronome } from './Metronome'
import { OutsideDialog } from './OutsideDialog'
import { PlaceSearch } from './PlaceSearch'
import { Questions } from './Questions'
import { Instructions, TriageView, Unsigned } from './TriageView'
import { TypeSearch } from './TypeSearch'
import { useDebounced } from './useDebounced'

interface IntakeProps {
  /** The call that is reported; null: a report that came another way. */
  call: CallView | null
  draft: Draft
}

const NO_TYPES: readonly ProtocolView[] = []

export function Intake({ call, draft }: IntakeProps): ReactNode {
  const { t } = useTranslation('console')
  const [another, setAnother] = useState(false)
  const linked = useLive((state) => (call?.incident_id == null ? null : (state.incidents[call.incident_id] ?? null)))
  const title = call === null ? t('intake.titleBlank') : t('intake.title')
  const clear = (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      disabled={draft.isBlank}
      onClick={draft.clear}
      leftSection={<IconEraser size={13} />}
      rightSection={<KeyHint>{KEYS.clear}</KeyHint>}
    >
      {t('intake.clear')}
    </Button>
  )
  useKeys({ clear: draft.clear })
  return (
    <Panel className={styles.intake} title={title} actions={clear}>
      {call?.incident_id != null && !another ? (
        <Linked incident={linked} onAnother={() => setAnother(true)} />
      ) : (
        <Form call={call} draft={draft} onOpened={() => setAnother(false)} />
      )}
    </Panel>
  )
}

function Linked({ incident, onAnother }: { incident: IncidentView | null; onAnother: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const { select } = useDesk()
  return (
    <div className={styles.linked}>
      <p>{t('intake.linked', { number: incident?.number ?? '' })}</p>
      {incident !== null && <Button onClick={() => select(incident)}>{t('intake.show')}</Button>}
      <Button variant="default" onClick={onAnother}>
        {t('intake.another')}
      </Button>
    </div>
  )
}

/** The evaluator's view of the draft, kept while the next is on its way. */
function useTriage(draft: DraftValue): { triage: TriageResult | null; pending: boolean; failed: boolean } {
  const { type, answers } = draft
  const query = useQuery({
    queryKey: ['triage', type, answers],
    queryFn: ({ signal }) => protocols.triage(type ?? '', answers, { signal }),
    enabled: type !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  return {
    triage: type === null ? null : (query.data ?? null),
    pending: query.isPlaceholderData || query.isPending,
    failed: query.isError,
  }
}

const SIMILAR_AFTER_MS = 400
const NO_SIMILAR: readonly Similar[] = []

interface SimilarNow {
  similar: readonly Similar[]
  apart: (incident: IncidentView) => void
}

/** Open incidents that the report may be about; what was told apart stays away, for everybody where there is a call. */
function useSimilar({ type, place, narrative }: DraftValue, call: CallView | null): SimilarNow {
  const { t } = useTranslation('console')
  const [apart, setApart] = useState<readonly string[]>([])
  const text = useDebounced(narrative, SIMILAR_AFTER_MS)
  const point = place?.point ?? null
  const queries = useQueryClient()
  const again = (): void => void queries.invalidateQueries({ queryKey: ['similar'] })
  const query = useQuery({
    queryKey: ['similar', type, point, text, call?.id],
    queryFn: ({ signal }) =>
      incidents.similar(
        {
          type: type ?? '',
          text,
          ...(point === null ? {} : { lat: point.lat, lon: point.lon, accuracy_m: place?.accuracy_m ?? 0 }),
          ...(call === null ? {} : { call_id: call.id }),
        },
        { signal },
      ),
    enabled: type !== null && (point !== null || text.length > 8),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  })
  const undo = useCommand((key, incident: IncidentView) => twins.notApart(incident.id, call?.id ?? '', { key }), { onDone: again })
  const store = useCommand((key, incident: IncidentView) => twins.tellApart(incident.id, call?.id ?? '', { key }), { onDone: again })
  const tell = (incident: IncidentView): void => {
    setApart((before) => [...before, incident.id])
    if (call !== null) void store.run(incident)
    showDone(t('intake.toldApart', { number: incident.number }), {
      label: t('intake.apartUndo'),
      run: () => {
        setApart((before) => before.filter((one) => one !== incident.id))
        if (call !== null) void undo.run(incident)
      },
    })
  }
  const asked = type !== null && (point !== null || text !== '')
  const found = asked ? (query.data ?? NO_SIMILAR) : NO_SIMILAR
  return { similar: found.filter(({ incident }) => !apart.includes(incident.id)), apart: tell }
}

/** Opening, with the question that a point outside of the region raises. */
function useOpen(
  call: CallView | null,
  draft: Draft,
  onOpened: () => void,
): { open: (outside: boolean) => void; busy: boolean; asking: boolean; stopAsking: () => void } {
  const { value } = draft
  const desk = useDesk()
  const [asking, setAsking] = useState(false)
  const open = useCommand(
    (_key, outside: boolean) =>
      incidents.open(
        {
          call_id: call?.id ?? null,
          type: value.type ?? '',
          answers: value.answers,
          narrative: value.narrative.trim(),
          place: value.place ?? unplaced(value.placeText),
          reporting_party: value.reportingParty.trim() || null,
          reporting_number: call?.ani ?? null,
          ...(value.priority === null ? {} : { priority: value.priority }),
          ...(outside ? { confirm_outside: true } : {}),
        },
        { key: value.openKey },
      ),
    {
      onDone: (incident) => {
        setAsking(false)
        draft.clear()
        onOpened()
        desk.select(incident)
      },
      onError: (error) => {
        const answered = error instanceof ApiError && error.kind !== 'unreachable'
        if (answered) draft.set({ openKey: newKey() })
        const ask = answered && error.text('field') === 'confirm_outside'
        setAsking(ask)
        return ask
      },
    },
  )
  return { open: (outside) => void open.run(outside), busy: open.busy, asking, stopAsking: () => setAsking(false) }
}

const unplaced = (text: string): DraftValue['place'] & object => ({
  text: text.trim(),
  point: null,
  accuracy_m: null,
  village_code: null,
  village: null,
  kecamatan: null,
  source: 'caller',
})

/** What stands between the draft and an incident; the name of the button's text. */
function missingOf({ type, place, placeText }: DraftValue): 'needType' | 'needPlace' | 'open' {
  if (type === null) return 'needType'
  return place === null && placeText.trim() === '' ? 'needPlace' : 'open'
}

/** Somebody published or signed a protocol: it is loaded anew, and what was reckoned by the earlier one too. */
function useFreshProtocols(): void {
  const client = useQueryClient()
  const changed = useLive(lastProtocolChange)
  const known = useRef(changed)
  useEffect(() => {
    if (known.current === changed) return
    known.current = changed
    void client.invalidateQueries({ queryKey: ['protocols'] })
    void client.invalidateQueries({ queryKey: ['triage'] })
  }, [client, changed])
}

/** The protocols in force, the one of this type, and whether none could be loaded. */
function useTypes(code: string | null) {
  const { data, isError, refetch } = useQuery({
    queryKey: ['protocols'],
    queryFn: ({ signal }) => protocols.all({ signal }),
    staleTime: Infinity,
  })
  useFreshProtocols()
  const types = data?.types ?? NO_TYPES
  return {
    types,
    chosen: types.find((one) => one.code === code) ?? null,
    lost: isError && types.length === 0,
    retry: () => void refetch(),
  }
}

/** Above the form: the beat to press by, and what to do when no protocol could be loaded. */
function Head({ beats, lost, retry }: { beats: number | null; lost: boolean; retry: () => void }): ReactNode {
  const { t } = useTranslation('console')
  return (
    <>
      {beats !== null && <Metronome beats={beats} />}
      {lost && (
        <EmptyState loaded={false}>
          <Button onClick={retry}>{t('intake.retryProtocols')}</Button>
        </EmptyState>
      )}
    </>
  )
}

function Form({ call, draft, onOpened }: IntakeProps & { onOpened: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const desk = useDesk()
  const { value, set } = draft
  const typeInput = useRef<HTMLInputElement>(null)
  const placeInput = useRef<HTMLInputElement>(null)
  const { types, chosen, lost, retry } = useTypes(value.type)
  const { triage, pending, failed } = useTriage(value)
  const { similar, apart } = useSimilar(value, call)
  const { open, busy, asking, stopAsking } = useOpen(call, draft, onOpened)
  const unlink = useCommand((key) => twins.unlink(call?.id ?? '', { key }))
  const link = useCommand((key, incident: IncidentView) => calls.link(call?.id ?? '', incident.id, { key }), {
    onDone: (_call, incident) => {
      draft.clear()
      desk.select(incident)
      showDone(t('intake.linkedTo', { number: incident.number }), { label: t('intake.unlink'), run: () => void unlink.run() })
    },
  })
  const missing = missingOf(value)
  const tryOpen = (): void => {
    if (missing === 'open') open(false)
    else (missing === 'needType' ? typeInput : placeInput).current?.focus()
  }
  const linkTo = call === null ? null : (incident: IncidentView): void => void link.run(incident)
  const withFirst = (act: ((incident: IncidentView) => void) | null) => (): void => {
    const first = similar[0]
    if (first !== undefined) act?.(first.incident)
  }
  useKeys({
    type: () => typeInput.current?.focus(),
    place: () => placeInput.current?.focus(),
    open: tryOpen,
    link: withFirst(linkTo),
    apart: withFirst(apart),
  })
  return (
    <div className={styles.form}>
      <div className={styles.formScroll}>
        <Head beats={triage?.metronome ?? null} lost={lost} retry={retry} />
        <TypeSearch
          inputRef={typeInput}
          types={types}
          chosen={chosen}
          onChoose={(type) => {
            typeInput.current?.blur()
            set({ type: type.code, answers: type.code === value.type ? value.answers : {}, priority: null })
          }}
        />
        {chosen !== null && <Unsigned protocol={chosen} />}
        <PlaceSearch
          inputRef={placeInput}
          text={value.placeText}
          place={value.place}
          onText={(placeText) => set({ placeText, place: null, placeWarning: null })}
          onPick={(place) => {
            set({ place, placeText: place.text, placeWarning: null })
            desk.lookAt(place.point)
            focusStory()
          }}
        />
        <PlaceWarning draft={value} />
        <PremiseNotes place={value.place} />
        <Duplicates
          similar={similar}
          onLook={desk.select}
          onApart={apart}
          onLink={linkTo}
        />
        {triage !== null && (
          <TriageView triage={triage} override={value.priority} onOverride={(priority) => set({ priority })} />
        )}
        {failed && <p className={styles.redFlag}>{t('intake.triageFailed')}</p>}
        {chosen !== null && (
          <Questions
            protocol={chosen}
            answers={value.answers}
            triage={triage}
            pending={pending}
            onAnswer={(question, answer) => set({ answers: { ...value.answers, [question]: answer } })}
            onDone={() => (value.place === null ? placeInput.current?.focus() : focusStory())}
          />
        )}
        <Story draft={draft} />
        {triage !== null && <Instructions triage={triage} />}
      </div>
      <div className={styles.formEnd}>
        <Button
          fullWidth
          size="sm"
          loading={busy}
          disabled={missing !== 'open'}
          onClick={tryOpen}
          rightSection={<KeyHint>{KEYS.open}</KeyHint>}
        >
          {t(`intake.${missing}`)}
        </Button>
      </div>
      <OutsideDialog opened={asking} place={value.place} onConfirm={() => open(true)} onClose={stopAsking} busy={busy} />
    </div>
  )
}

const STORY = 'intake-story'
const focusStory = (): void => document.getElementById(STORY)?.focus()

/** What the caller tells, and who the caller is. */
function Story({ draft: { value, set } }: { draft: Draft }): ReactNode {
  const { t } = useTranslation('console')
  const reporter = useRef<HTMLInputElement>(null)
  useKeys({ narrative: focusStory, reporter: () => reporter.current?.focus() })
  return (
    <>
      <Textarea
        id={STORY}
        className={styles.field}
        aria-label={t('intake.narrative')}
        placeholder={t('intake.narrative')}
        minRows={2}
        maxRows={5}
        autosize
        value={value.narrative}
        onChange={(event) => set({ narrative: event.currentTarget.value })}
        rightSection={<KeyHint>{KEYS.narrative}</KeyHint>}
        rightSectionWidth={56}
      />
      <TextInput
        ref={reporter}
        className={styles.field}
        aria-label={t('intake.reporter')}
        placeholder={t('intake.reporter')}
        value={value.reportingParty}
        onChange={(event) => set({ reportingParty: event.currentTarget.value })}
        rightSection={<KeyHint>{KEYS.reporter}</KeyHint>}
        rightSectionWidth={56}
      />
    </>
  )
}

function PlaceWarning({ draft }: { draft: DraftValue }): ReactNode {
  const { i18n } = useTranslation()
  if (draft.placeWarning === null) return null
  return <p className={styles.redFlag}>{inLanguage(draft.placeWarning, i18n.language)}</p>
}
