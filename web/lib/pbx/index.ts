/** What the PBX is asked from this screen, and what it said: shown as it came, never as it was hoped. */
import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { desks, type CallAct, type DeskAct, type DeskOptions } from '@/lib/api'
import type { CallCommandDone, DeskCommandDone } from '@/lib/events/generated'
import { useLive, type LiveState } from '@/lib/store'

type Act = CallAct | DeskAct
type Done = CallCommandDone | DeskCommandDone

export interface PbxWord {
  readonly act: Act
  readonly outcome: Done['outcome'] | 'waiting'
  /** The PBX's own; '' while it has said nothing. */
  readonly words: string
}

interface Asked {
  readonly id: string
  readonly act: Act
}

let asked: Asked | null = null
const listeners = new Set<() => void>()

/** To be told the answer to a command, so that the screen waits for the PBX's word on it. */
export function noteAsked(act: Act, id: string): void {
  asked = { act, id }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const isDone = (data: { type: string }): data is Done =>
  data.type === 'call.command_done' || data.type === 'desk.command_done'

/** The newest word on a command among the last events, as text that compares by value. */
function doneOf(state: LiveState, id: string | null): Done | null {
  const found = state.recent.findLast(({ event }) => isDone(event.data) && event.data.command_id === id)
  return found !== undefined && isDone(found.event.data) ? found.event.data : null
}

/** What became of the last command that was asked from this page; null before the first. */
export function usePbxWord(): PbxWord | null {
  const last = useSyncExternalStore(subscribe, () => asked)
  const done = useLive((state) => doneOf(state, last?.id ?? null))
  if (last === null) return null
  return { act: last.act, outcome: done?.outcome ?? 'waiting', words: done?.words ?? '' }
}

/** The word in a sentence. */
export function usePbxSentence(): { sentence: string; words: string; failed: boolean; waiting: boolean } | null {
  const { t } = useTranslation()
  const word = usePbxWord()
  if (word === null) return null
  const accepted = word.outcome === 'accepted'
  const waiting = word.outcome === 'waiting'
  const sentence = t(`pbxWord.${word.outcome}`, { act: t(`pbxAct.${word.act}`), words: word.words }).trim()
  return { sentence, words: accepted ? '' : word.words, failed: !accepted && !waiting, waiting }
}

const NONE: DeskOptions = { queues: [], pause_reasons: [], wrap_up_s: 0, directory: [] }

/** Queues, reasons of a pause, the directory; empty while they are not loaded. */
export function useDeskOptions(): DeskOptions {
  const { data } = useQuery({
    queryKey: ['desk-options'],
    queryFn: ({ signal }) => desks.options({ signal }),
    staleTime: 10 * 60_000,
  })
  return data ?? NONE
}

/** A number with the name that the directory gives it. */
export function named(options: DeskOptions, number: string): string {
  const contact = options.directory.find((one) => one.number === number)
  return contact === undefined ? number : `${contact.name} ${number}`
}
