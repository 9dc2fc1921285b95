/** Whether the server answers, looked at every two seconds while the page is seen. */
import { useSyncExternalStore } from 'react'

const ASK_EVERY_MS = 2_000
const ANSWER_WITHIN_MS = 2_000

export interface Reach {
  readonly status: 'connecting' | 'live' | 'offline'
  /** When it last answered, ms; null: never. */
  readonly at: number | null
}

let reach: Reach = { status: 'connecting', at: null }
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

function set(next: Reach): void {
  reach = next
  for (const listener of listeners) listener()
}

async function ask(): Promise<void> {
  if (document.visibilityState === 'hidden') return
  try {
    const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    set(answer.ok ? { status: 'live', at: Date.now() } : { ...reach, status: 'offline' })
  } catch {
    set({ ...reach, status: 'offline' })
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === null) {
    timer = setInterval(() => { void ask() }, ASK_EVERY_MS)
    void ask()
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

window.addEventListener('offline', () => { set({ ...reach, status: 'offline' }) })
window.addEventListener('online', () => { void ask() })

export const useReach = (): Reach => useSyncExternalStore(subscribe, () => reach)
export const useStatusOfServer = (): Reach['status'] => useSyncExternalStore(subscribe, () => reach.status)
