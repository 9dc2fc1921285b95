/** Sends the outbox: one command at a time, in order, kept on the phone until the centre has answered. */
import { useSyncExternalStore } from 'react'
import { ApiError, assignments, incidents, newKey, units } from '@/lib/api'
import { showError } from '@/lib/ui'
import type { AssignmentView } from '@/lib/events/generated'
import { live } from '@/lib/store'
import { EMPTY_OUTBOX, parseOutbox, put, retryAfterMs, settle, type CommandBody, type Outbox, type Outcome, type Waiting } from './outbox'

const STORED = 'siaga.outbox'

function perform({ key, at, body }: Waiting): Promise<unknown> {
  switch (body.kind) {
    case 'assignment':
      return assignments.act(body.id, body.act, body.reason, { key, at: new Date(at).toISOString() })
    case 'unit':
      return units.act(body.id, body.act, body.reason, { key })
    case 'incident':
      return incidents.act(body.id, { act: body.act }, { key })
    case 'note':
      return incidents.note(body.id, body.text, { key })
  }
}

/** No answer, 'unavailable' and a session that is over all mean: later, under the same key. */
function outcomeOf(error: unknown): Outcome {
  const kind = error instanceof ApiError ? error.kind : 'error'
  return kind === 'unreachable' || kind === 'unavailable' || kind === 'not-signed-in' ? 'later' : 'refused'
}

export class Sender {
  private box: Outbox = EMPTY_OUTBOX
  private answered: AssignmentView | null = null
  private readonly listeners = new Set<() => void>()
  private busy = false
  private timer: ReturnType<typeof setTimeout> | null = null

  /** Takes up what an earlier visit left, and tries again whenever the phone has network. */
  start(): void {
    this.box = parseOutbox(localStorage.getItem(STORED))
    window.addEventListener('online', () => { this.tryNow() })
    this.tryNow()
  }

  readonly get = (): Outbox => this.box

  /** The assignment as the centre's latest answer gave it. */
  readonly getAnswered = (): AssignmentView | null => this.answered

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** `at`: when the crew pressed, ms on the centre's clock. */
  send(body: CommandBody, at = live.now()): void {
    this.set(put(this.box, { key: newKey(), at, body }))
    this.tryNow()
  }

  private tryNow(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    void this.pump()
  }

  private async pump(): Promise<void> {
    if (this.busy) return
    if (!navigator.onLine) return // the 'online' event calls again
    this.busy = true
    try {
      for (let first = this.box.waiting[0]; first !== undefined; first = this.box.waiting[0]) {
        const outcome = await this.settleOne(first)
        if (outcome !== 'later') continue
        this.timer = setTimeout(() => { this.tryNow() }, retryAfterMs(this.box))
        return
      }
    } finally {
      this.busy = false
    }
  }

  private async settleOne(command: Waiting): Promise<Outcome> {
    let outcome: Outcome = 'done'
    try {
      const answer = await perform(command)
      if (command.body.kind === 'assignment') this.answered = answer as AssignmentView
    } catch (error) {
      outcome = outcomeOf(error)
      if (outcome === 'refused') showError(error)
    }
    this.set(settle(this.box, command.key, outcome))
    return outcome
  }

  private set(box: Outbox): void {
    this.box = box
    localStorage.setItem(STORED, JSON.stringify(box.waiting))
    for (const listener of this.listeners) listener()
  }
}

/** The page's one sender. */
export const sender = new Sender()

export function useOutbox(): Outbox {
  return useSyncExternalStore(sender.subscribe, sender.get)
}

export function useAnswered(): AssignmentView | null {
  return useSyncExternalStore(sender.subscribe, sender.getAnswered)
}
