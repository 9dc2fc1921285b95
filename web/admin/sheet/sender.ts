/** Sends finished sheets one after another, at once or when the network is back. */
import { useSyncExternalStore } from 'react'
import { ApiError } from '@/lib/api'
import { currentLanguage, inLanguage } from '@/lib/i18n'
import { plugins } from '../api'
import { keptUser } from '../kept'
import { faultsOf } from '../faults'
import { drop, nextOf, parseWaiting, put, retryAfterMs, settle, type Outcome, type WaitingSheet } from './waiting'

const STORED = 'siaga.admin.waiting'

class SheetSender {
  private sheets: readonly WaitingSheet[] = []
  private readonly listeners = new Set<() => void>()
  private readonly arrivals = new Set<(sheet: WaitingSheet, said: string) => void>()
  private failures = 0
  private busy = false
  private timer: ReturnType<typeof setTimeout> | null = null

  start(): void {
    this.sheets = parseWaiting(localStorage.getItem(STORED))
    window.addEventListener('online', () => { this.hurry() })
    window.addEventListener('storage', (event) => {
      if (event.key !== STORED) return
      this.sheets = parseWaiting(event.newValue) // another tab sent or added one
      this.tell()
    })
    this.plan()
  }

  /** Keeps the sheet on the device and sends it; false where the device cannot keep it. */
  add(sheet: WaitingSheet): boolean {
    const next = put(this.sheets, sheet)
    if (next === null || !this.store(next)) return false
    this.hurry()
    return true
  }

  remove(key: string): void {
    this.store(drop(this.sheets, key))
  }

  /** Somebody has looked at a stopped sheet: with these confirmations it goes again. */
  again(key: string, confirmed: readonly string[]): void {
    this.store(
      this.sheets.map((sheet) =>
        sheet.key === key
          ? { ...sheet, state: 'waiting', said: '', jumps: [], body: { ...sheet.body, confirmed: [...new Set([...sheet.body.confirmed, ...confirmed])] } }
          : sheet,
      ),
    )
    this.hurry()
  }

  /** Tries now: the network is back, or somebody pressed the button. */
  hurry(): void {
    this.failures = 0
    this.plan()
  }

  readonly all = (): readonly WaitingSheet[] => this.sheets
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
  /** Told of each sheet that has arrived, with what the centre said. */
  readonly onArrival = (listener: (sheet: WaitingSheet, said: string) => void): (() => void) => {
    this.arrivals.add(listener)
    return () => { this.arrivals.delete(listener) }
  }

  private plan(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => { void this.send() }, retryAfterMs(this.failures))
  }

  private async send(): Promise<void> {
    const sheet = nextOf(this.sheets, keptUser()?.id ?? null)
    if (sheet === null || this.busy) return
    this.busy = true
    const outcome = await this.deliver(sheet)
    this.busy = false
    this.failures = outcome.kind === 'later' ? this.failures + 1 : 0
    this.store(settle(this.sheets, sheet.key, outcome))
    this.plan()
  }

  private async deliver(sheet: WaitingSheet): Promise<Outcome> {
    try {
      const { message } = await plugins.sendSheet(sheet.plugin, sheet.sheet, sheet.body, { key: sheet.key })
      for (const listener of this.arrivals) listener(sheet, inLanguage(message, currentLanguage()))
      return { kind: 'done' }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  private store(sheets: readonly WaitingSheet[]): boolean {
    try {
      localStorage.setItem(STORED, JSON.stringify(sheets))
    } catch {
      return false
    }
    this.sheets = sheets
    this.tell()
    return true
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}

/** No answer, a sleeping part or an ended session: later. Anything else is for a person to look at. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ApiError)) return { kind: 'later' }
  if (error.kind === 'unreachable' || error.kind === 'unavailable' || error.kind === 'not-signed-in' || error.status >= 500) {
    return { kind: 'later' }
  }
  const { jumps } = error.details
  const said = faultsOf(error).map(({ message }) => inLanguage(message, currentLanguage()))
  return {
    kind: 'stopped',
    said: said.length > 0 ? said.join(' ') : error.detail,
    jumps: Array.isArray(jumps) ? jumps.filter((key): key is string => typeof key === 'string') : [],
  }
}

/** The page's one sender. */
export const sheetSender = new SheetSender()

export function useWaiting(): readonly WaitingSheet[] {
  return useSyncExternalStore(sheetSender.subscribe, sheetSender.all)
}
