/** The place as the caller says it: gazetteer hits as one types, with village, kecamatan and why it was found. */
import { TextInput } from '@mantine/core'
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { places, type PlaceHit } from '@/lib/api'
import { geo } from '@/lib/api/geo'
import type { Place } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { KeyHint, ShapeMark } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS } from '../keys'
import { useDebounced } from './useDebounced'

const SEARCH_AFTER_MS = 150
const SEARCH_FRESH_MS = 10_000

const placesFor = (words: string) =>
  queryOptions({
    queryKey: ['places', words],
    queryFn: ({ signal }) => places.search(words, undefined, { signal }),
  })

/** With so many own places nobody else is asked. */
const MANY = 8
const GEOCODED_AFTER_MS = 500
const NO_HITS: readonly PlaceHit[] = []

/** What the geocoders add, later than the own places and below them, so that nothing moves under the hand. */
function useWithGeocoded(own: readonly PlaceHit[], query: string): readonly PlaceHit[] {
  const words = own.length < MANY ? query : ''
  const asked = useDebounced(words, GEOCODED_AFTER_MS)
  const { data } = useQuery({
    queryKey: ['geocoded', asked],
    queryFn: ({ signal }) => geo.geocoded(asked, { signal }),
    enabled: asked.length >= 4,
    staleTime: 10 * 60_000,
  })
  const later = asked === words && words !== '' ? (data?.items.map(({ found }) => found) ?? NO_HITS) : NO_HITS
  return later.length === 0 ? own : [...own, ...later]
}

interface PlaceSearchProps {
  inputRef?: Ref<HTMLInputElement>
  text: string
  place: Place | null
  onText: (text: string) => void
  onPick: (place: Place) => void
}

export function PlaceSearch({ inputRef, text, place, onText, onPick }: PlaceSearchProps): ReactNode {
  const { t } = useTranslation('console')
  const [at, setAt] = useState(0)
  const [open, setOpen] = useState(false)
  const queries = useQueryClient()
  const query = useDebounced(text.trim(), SEARCH_AFTER_MS)
  const asked = open && query.length >= 2
  const search = useQuery({
    ...placesFor(query),
    enabled: asked,
    placeholderData: keepPreviousData,
  })
  const hits = useWithGeocoded(asked ? (search.data ?? NO_HITS) : NO_HITS, asked ? query : '')
  /** False while the hits are those of earlier words: whoever types fast must not get another place than was said. */
  const fresh = asked && query === text.trim() && search.isSuccess && !search.isPlaceholderData
  const pick = (hit: PlaceHit | undefined): void => {
    if (hit === undefined) return
    setOpen(false)
    onPick(hit.place)
    void geo.chosen(hit.id).catch(() => undefined) // only the order of later searches hangs on it
  }
  /** Enter came before the places for these words: the first is taken once they are there, unless the words changed. */
  const pickWhenFound = async (input: HTMLInputElement): Promise<void> => {
    const words = input.value.trim()
    if (!open || words.length < 2) return
    const [first] = await queries.fetchQuery({ ...placesFor(words), staleTime: SEARCH_FRESH_MS }).catch(() => [])
    if (input.value.trim() === words) pick(first)
  }
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter' && fresh) pick(hits[at])
    else if (event.key === 'Enter') void pickWhenFound(event.currentTarget)
    else if (event.key === 'Escape') setOpen(false)
    else return
    event.preventDefault()
  }
  return (
    <div className={styles.field}>
      <TextInput
        ref={inputRef}
        value={text}
        aria-label={t('intake.place')}
        placeholder={t('intake.placeAsk')}
        rightSection={<KeyHint>{KEYS.place}</KeyHint>}
        rightSectionWidth={56}
        onChange={(event) => {
          onText(event.currentTarget.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(text !== '' && place === null)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      {asked && (
        <div className={styles.hits} role="listbox">
          {hits.map((hit, index) => (
            <Hit key={hit.id} hit={hit} at={index === at} onPick={() => pick(hit)} />
          ))}
          {hits.length === 0 && (
            <span className={styles.hitNone}>
              {search.isFetching ? t('intake.searching') : search.isError ? t('intake.searchFailed') : t('intake.noPlace')}
            </span>
          )}
        </div>
      )}
      <Picked place={place} />
    </div>
  )
}

function Hit({ hit, at, onPick }: { hit: PlaceHit; at: boolean; onPick: () => void }): ReactNode {
  const { i18n } = useTranslation()
  const area = [hit.place.village, hit.place.kecamatan].filter((part) => part !== null && part !== hit.name)
  return (
    <button
      type="button"
      role="option"
      tabIndex={-1}
      aria-selected={at}
      className={at ? styles.hitAt : styles.hit}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <b>{hit.name}</b> <span>{area.join(', ')}</span>
      <small>{inLanguage(hit.why, i18n.language)}</small>
    </button>
  )
}

/** Whether the report has a point on the map, and how good it is. One line always, so that nothing moves. */
function Picked({ place }: { place: Place | null }): ReactNode {
  const { t } = useTranslation('console')
  if (place?.point == null) {
    return (
      <span className={styles.picked}>
        <ShapeMark shape="ring" hue="high" size={10} /> {t('intake.noPoint')}
      </span>
    )
  }
  const area = [place.village, place.kecamatan].filter((part) => part !== null).join(', ')
  return (
    <span className={styles.picked}>
      <ShapeMark shape="circle" hue="ready" size={10} />
      {area === '' ? place.text : area}
      {place.accuracy_m !== null && ` · ± ${accuracy(place.accuracy_m)}`}
    </span>
  )
}

export const accuracy = (metres: number): string =>
  metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`
