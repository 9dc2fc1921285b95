/** Pure: what is typed into a sheet, before it is finished. */
import { isJump, plainNumber } from '../fields/numbers'
import type { Typed } from '../fields/typed'
import type { SheetRow } from '../model'

/** A sheet that somebody is filling in; kept on the device at every key. */
export interface Begun {
  /** The idempotency key that it will be sent with. */
  key: string
  head: Typed
  entries: Typed
  /** Rows whose jump was confirmed, each with the text that was meant. */
  confirmed: Typed
}

export interface Line {
  row: SheetRow
  typed: string
  /** Plain number, null where the box is empty or wrong. */
  value: string | null
  wrong: boolean
  jump: boolean
  /** The jump was confirmed for just this value. */
  confirmed: boolean
}

export interface SheetRules {
  jump: string | null
  places: number
  language: string
}

const decimals = (plain: string): number => plain.split('.')[1]?.length ?? 0

export function lineOf(row: SheetRow, begun: Pick<Begun, 'entries' | 'confirmed'>, { jump, places, language }: SheetRules): Line {
  const typed = (begun.entries[row.key] ?? '').trim()
  const plain = typed === '' ? null : plainNumber(typed, language, places === 0)
  const value = plain !== null && decimals(plain) <= places ? plain : null
  return {
    row,
    typed,
    value,
    wrong: typed !== '' && value === null,
    jump: value !== null && isJump(value, row.last, jump),
    confirmed: value !== null && begun.confirmed[row.key] === value,
  }
}

export interface Progress {
  filled: number
  total: number
  wrong: number
  /** Jumps that nobody has confirmed. */
  open: number
}

export function progressOf(lines: readonly Line[]): Progress {
  return {
    filled: lines.filter(({ value, row }) => value !== null || row.value !== null).length,
    total: lines.length,
    wrong: lines.filter(({ wrong }) => wrong).length,
    open: lines.filter(({ jump, confirmed }) => jump && !confirmed).length,
  }
}

/** By how much a value differs from the last: '+40', '-12', in per cent. */
export function changeText(value: string, last: string): string {
  const change = Math.round(((Number(value) - Number(last)) / Math.abs(Number(last))) * 100)
  return change > 0 ? `+${change}` : String(change)
}

const isTexts = (value: unknown): value is Typed =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')

/** What the device had kept of a begun sheet; null when it cannot be read. */
export function readBegun(kept: unknown): Begun | null {
  if (typeof kept !== 'object' || kept === null) return null
  const { key, head, entries, confirmed } = kept as Record<string, unknown>
  return typeof key === 'string' && isTexts(head) && isTexts(entries) && isTexts(confirmed) ? { key, head, entries, confirmed } : null
}
