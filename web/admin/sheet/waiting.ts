/**
 * Pure: sheets that were finished on this device and have not arrived yet, oldest first. A sheet keeps its idempotency
 * key until the centre has answered, so that sending it again after a lost answer stores it once.
 */
import type { Text } from '@/lib/api/types'
import type { SheetBody } from '../model'

export interface WaitingSheet {
  readonly key: string
  /** Who filled it in: nobody else sends it. */
  readonly user: string
  readonly plugin: string
  readonly sheet: string
  readonly label: Text
  /** What the sheet is about, in words: market and date. */
  readonly about: string
  readonly body: SheetBody
  /** When it was finished, ms. */
  readonly at: number
  /** `waiting`: goes by itself; `stopped`: the centre said no or asks for a confirmation, somebody must look at it. */
  readonly state: 'waiting' | 'stopped'
  readonly said: string
  readonly jumps: readonly string[]
}

/** A season of market days without network; past it something else is wrong. */
export const MOST_WAITING = 100
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 60_000

export type Outcome =
  | { kind: 'done' }
  | { kind: 'later' }
  | { kind: 'stopped'; said: string; jumps: readonly string[] }

/** Adds a sheet, or puts it in the place of its earlier self. Past the limit the newest is refused: null. */
export function put(sheets: readonly WaitingSheet[], sheet: WaitingSheet): readonly WaitingSheet[] | null {
  const others = sheets.filter(({ key }) => key !== sheet.key)
  return others.length >= MOST_WAITING ? null : [...others, sheet]
}

export function settle(sheets: readonly WaitingSheet[], key: string, outcome: Outcome): readonly WaitingSheet[] {
  if (outcome.kind === 'later') return sheets
  if (outcome.kind === 'done') return sheets.filter((sheet) => sheet.key !== key)
  return sheets.map((sheet) =>
    sheet.key === key ? { ...sheet, state: 'stopped', said: outcome.said, jumps: outcome.jumps } : sheet,
  )
}

export function drop(sheets: readonly WaitingSheet[], key: string): readonly WaitingSheet[] {
  return sheets.filter((sheet) => sheet.key !== key)
}

/** The next one to go. */
export function nextOf(sheets: readonly WaitingSheet[], user: string | null): WaitingSheet | null {
  return sheets.find((sheet) => sheet.user === user && sheet.state === 'waiting') ?? null
}

export function retryAfterMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isWaiting(item: unknown): item is WaitingSheet {
  if (!isRecord(item) || !isRecord(item.body) || !isRecord(item.body.entries) || !isRecord(item.label)) return false
  const texts = [item.key, item.user, item.plugin, item.sheet, item.about, item.said]
  return texts.every((text) => typeof text === 'string') && typeof item.at === 'number' && Array.isArray(item.jumps)
}

/** What the device had kept; a sheet that cannot be read is left out, the others stay. */
export function parseWaiting(text: string | null): readonly WaitingSheet[] {
  if (text === null) return []
  try {
    const kept: unknown = JSON.parse(text)
    return Array.isArray(kept) ? kept.filter(isWaiting) : []
  } catch {
    return []
  }
}
