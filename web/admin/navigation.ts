/** Where this tab is: follows the address; a half-typed form may ask before it is left. */
import { useEffect, useSyncExternalStore } from 'react'
import { formatRoute, parseRoute, placeOf, type Route } from './route'

let current: Route = parseRoute(window.location.hash)
let wanted: Route | null = null
const guards = new Set<() => boolean>()
const listeners = new Set<() => void>()
const tell = (): void => { for (const listener of listeners) listener() }

function leaving(next: Route): boolean {
  return placeOf(next) !== placeOf(current) && [...guards].some((dirty) => dirty())
}

function arrive(next: Route): void {
  current = next
  wanted = null
  tell()
}

/** Goes to a page; `replace` leaves no step behind for the back button (a search while it is typed). */
export function go(next: Route, replace = false): void {
  if (leaving(next)) {
    wanted = next
    tell()
    return
  }
  const hash = formatRoute(next)
  if (replace) window.history.replaceState(null, '', hash)
  else window.history.pushState(null, '', hash)
  arrive(next)
}

/** Answers the question whether to leave. */
export function settleLeaving(leave: boolean): void {
  const next = wanted
  wanted = null
  if (!leave || next === null) {
    tell()
    return
  }
  window.history.pushState(null, '', formatRoute(next))
  arrive(next)
}

window.addEventListener('popstate', () => {
  const next = parseRoute(window.location.hash)
  if (!leaving(next)) {
    arrive(next)
    return
  }
  window.history.pushState(null, '', formatRoute(current))
  wanted = next
  tell()
})

window.addEventListener('beforeunload', (event) => {
  if ([...guards].some((dirty) => dirty())) event.preventDefault()
})

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, () => current)
/** Where somebody wants to go from a form that is not saved; null: nowhere. */
export const useWanted = (): Route | null => useSyncExternalStore(subscribe, () => wanted)

/** While `dirty` is true, leaving is asked about first. */
export function useGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined
    const guard = (): boolean => true
    guards.add(guard)
    return () => { guards.delete(guard) }
  }, [dirty])
}
