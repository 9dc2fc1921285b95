/**
 * Pure: the crew's commands that have not arrived yet, oldest first. A command keeps its idempotency key until the centre
 * has answered, so that sending it again after a lost answer has one effect; nothing overtakes an earlier one.
 */
import type { IncidentAct, UnitAct } from '@/lib/api'
import type { CrewAct } from './flow'

export type CommandBody =
  | { kind: 'assignment'; id: string; act: CrewAct; reason?: string }
  | { kind: 'unit'; id: string; act: UnitAct; reason?: string }
  | { kind: 'incident'; id: string; act: Extract<IncidentAct, 'under_control'> }
  | { kind: 'note'; id: string; text: string }

export interface Waiting {
  readonly key: string
  /** When the crew pressed the button, ms on the centre's clock. */
  readonly at: number
  readonly body: CommandBody
}

export interface Outbox {
  readonly waiting: readonly Waiting[]
  /** Failed tries of the first command since the last that succeeded. */
  readonly failures: number
}

export const EMPTY_OUTBOX: Outbox = { waiting: [], failures: 0 }

/** More than a shift's worth of one crew's commands; past it the phone is broken, not offline. */
export const MOST_WAITING = 200
const FIRST_RETRY_MS = 1_000
/** A crew that drives out of a dead spot must not wait longer than this for its status to go through. */
const LONGEST_RETRY_MS = 15_000

/** What became of the first command: `later` = no answer or 'unavailable', `refused` = the centre said no. */
export type Outcome = 'done' | 'later' | 'refused'

export function put(box: Outbox, command: Waiting): Outbox {
  if (box.waiting.some(({ key }) => key === command.key)) return box
  return { ...box, waiting: [...box.waiting, command].slice(-MOST_WAITING) }
}

/** Settles the command with `key`. After a refusal the later ones on the same subject go too: they built on it. */
export function settle(box: Outbox, key: string, outcome: Outcome): Outbox {
  const settled = box.waiting.find((command) => command.key === key)
  if (settled === undefined) return box
  if (outcome === 'later') return { ...box, failures: box.failures + 1 }
  const rest = box.waiting.filter((command) => command.key !== key)
  return { waiting: outcome === 'refused' ? rest.filter((later) => !buildsOn(later.body, settled.body)) : rest, failures: 0 }
}

/** A status builds on an earlier status of the same assignment or unit; a note stands by itself. */
function buildsOn(later: CommandBody, refused: CommandBody): boolean {
  return later.kind === refused.kind && later.id === refused.id && later.kind !== 'note'
}

/** Pause before the next try, in ms: 0 while nothing failed. */
export function retryAfterMs(box: Outbox): number {
  return box.failures === 0 ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (box.failures - 1))
}

/** Acts on this assignment that have not arrived yet, in order. */
export function waitingActs(box: Outbox, assignmentId: string): CrewAct[] {
  return box.waiting.flatMap(({ body }) => (body.kind === 'assignment' && body.id === assignmentId ? [body.act] : []))
}

/** What the phone had kept; anything that cannot be read is no outbox. */
export function parseOutbox(text: string | null): Outbox {
  if (text === null) return EMPTY_OUTBOX
  try {
    const kept: unknown = JSON.parse(text)
    return Array.isArray(kept) && kept.every(isWaiting) ? { waiting: kept, failures: 0 } : EMPTY_OUTBOX
  } catch {
    return EMPTY_OUTBOX
  }
}

const KINDS: readonly string[] = ['assignment', 'unit', 'incident', 'note'] satisfies CommandBody['kind'][]

function isWaiting(item: unknown): item is Waiting {
  if (typeof item !== 'object' || item === null) return false
  const { key, at, body } = item as Record<string, unknown>
  if (typeof key !== 'string' || typeof at !== 'number' || typeof body !== 'object' || body === null) return false
  const { kind, id } = body as Record<string, unknown>
  return typeof kind === 'string' && KINDS.includes(kind) && typeof id === 'string'
}
