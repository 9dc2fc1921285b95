/** What was typed for one call; it survives a reload of the page and goes when the call is done with. */
import { useState } from 'react'
import { newKey, type Answers, type Text } from '@/lib/api'
import type { CallView, Place, Priority } from '@/lib/events/generated'

export interface DraftValue {
  type: string | null
  answers: Answers
  narrative: string
  /** What is typed in the place box. */
  placeText: string
  place: Place | null
  /** What the centre says of the picked point, e.g. that it lies at sea. */
  placeWarning: Text | null
  reportingParty: string
  /** Set by hand against the triage; null: as triaged. */
  priority: Priority | null
  /** The idempotency key of opening this very incident: it survives a reload too. */
  openKey: string
}

export interface Draft {
  value: DraftValue
  isBlank: boolean
  set: (fields: Partial<DraftValue>) => void
  clear: () => void
}

const PREFIX = 'siaga.draft.'
/** Drafts of calls that are long gone are forgotten; a shift lasts 12 hours at most. */
const KEPT_MS = 12 * 3600_000

const blank = (): DraftValue => ({
  type: null,
  answers: {},
  narrative: '',
  placeText: '',
  place: null,
  placeWarning: null,
  reportingParty: '',
  priority: null,
  openKey: newKey(),
})

/** The key under which a call's draft is kept; a report without a call has one draft per desk. */
export const draftKey = (call: Pick<CallView, 'id'> | null): string => (call === null ? 'blank' : call.id)

interface Stored {
  at: number
  value: DraftValue
}

/** Reads a stored draft; one that is damaged or of an older version counts as none. */
export function parseDraft(text: string | null): DraftValue | null {
  if (text === null) return null
  try {
    const stored = JSON.parse(text) as Partial<Stored>
    if (typeof stored.at !== 'number' || typeof stored.value !== 'object') return null
    return { ...blank(), ...stored.value }
  } catch {
    return null
  }
}

export function isBlank(value: DraftValue): boolean {
  return (
    value.type === null &&
    value.place === null &&
    value.narrative === '' &&
    value.placeText === '' &&
    value.reportingParty === ''
  )
}

function forgetOld(storage: Storage, now: number): void {
  for (const key of Object.keys(storage)) {
    if (!key.startsWith(PREFIX)) continue
    const at = (JSON.parse(storage.getItem(key) ?? '{}') as Partial<Stored>).at ?? 0
    if (now - at > KEPT_MS) storage.removeItem(key)
  }
}

function load(key: string): DraftValue {
  return parseDraft(localStorage.getItem(PREFIX + key)) ?? blank()
}

export function useDraft(key: string): Draft {
  const [held, setHeld] = useState(() => ({ key, value: load(key) }))
  let value = held.value
  if (held.key !== key) {
    value = load(key)
    setHeld({ key, value })
  }
  const store = (next: (old: DraftValue) => DraftValue): void =>
    setHeld((old) => {
      // An answer that comes late (the name of a picked place) must not land in the next call's draft.
      if (old.key !== key) return old
      const changed = next(old.value)
      if (isBlank(changed)) localStorage.removeItem(PREFIX + key)
      else localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), value: changed } satisfies Stored))
      return { key, value: changed }
    })
  return {
    value,
    isBlank: isBlank(value),
    set: (fields) => store((old) => ({ ...old, ...fields })),
    clear: () => {
      store(blank)
      forgetOld(localStorage, Date.now())
    },
  }
}
