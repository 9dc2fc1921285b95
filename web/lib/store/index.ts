/** The one live store of a page: `live.start(topics)` once, then `useLive(selector)` and `useConnection()`. */
import { useMemo, useSyncExternalStore } from 'react'
import { live, type Connection } from './client'
import type { Part } from './messages'
import type { LiveState } from './state'

export { live, LiveClient, type Connection, type Status } from './client'
export type { Part, ServerMessage } from './messages'
export * from './select'
export { agentKey, apply, EMPTY, type LiveState } from './state'

/** Reads a part of the live state. The selector must be stable (module level or useCallback) where it computes much. */
export function useLive<T>(selector: (state: LiveState) => T): T {
  const read = useMemo(() => memo(selector), [selector])
  return useSyncExternalStore(live.subscribe, read)
}

export interface ConnectionView extends Connection {
  readonly parts: readonly Part[]
}

/** How fresh the screen is and which parts of the system are away. Re-renders at each frame: use it in leaves only. */
export function useConnection(): ConnectionView {
  const connection = useSyncExternalStore(live.subscribe, live.getConnection)
  const parts = useSyncExternalStore(live.subscribe, () => live.getState().parts)
  return { ...connection, parts }
}

/** Only the status: changes seldom, so any component may use it. */
export function useStatus(): Connection['status'] {
  return useSyncExternalStore(live.subscribe, () => live.getConnection().status)
}

/** The same result for the same state, and the same array or object while its members are the same. */
function memo<T>(selector: (state: LiveState) => T): () => T {
  let seen = live.getState()
  let result = selector(seen)
  return () => {
    const state = live.getState()
    if (state === seen) return result
    seen = state
    const next = selector(state)
    if (!shallowEqual(result, next)) result = next
    return result
  }
}

function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a)
  const right = b as Record<string, unknown>
  return left.length === Object.keys(b).length && left.every(([key, value]) => Object.is(value, right[key]))
}
