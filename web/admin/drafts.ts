/** Half-typed forms, kept in this tab over a reload. */
import type { Typed } from './fields/typed'

const PREFIX = 'siaga.draft.'
/** A draft older than this is more likely to surprise than to help. */
const KEPT_FOR_MS = 12 * 3_600_000

export interface Draft {
  typed: Typed
  /** The version that was edited; null: a new row. */
  version: number | null
  at: number
}

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export function readDraft(name: string, now: number, shelf: Shelf = sessionStorage): Draft | null {
  const text = shelf.getItem(PREFIX + name)
  if (text === null) return null
  try {
    const draft: unknown = JSON.parse(text)
    if (!isRecord(draft) || !isRecord(draft.typed) || typeof draft.at !== 'number' || now - draft.at > KEPT_FOR_MS) return null
    if (draft.version !== null && typeof draft.version !== 'number') return null
    if (!Object.values(draft.typed).every((value) => typeof value === 'string')) return null
    return { typed: draft.typed as Typed, version: draft.version, at: draft.at }
  } catch {
    return null
  }
}

export function keepDraft(name: string, draft: Draft, shelf: Shelf = sessionStorage): void {
  try {
    shelf.setItem(PREFIX + name, JSON.stringify(draft))
  } catch {
    // A full storage: the form still stands on the screen.
  }
}

export function dropDraft(name: string, shelf: Shelf = sessionStorage): void {
  shelf.removeItem(PREFIX + name)
}
