import { useEffect, useRef } from 'react'

/** By key: a plain one works outside boxes alone; 'Escape' and 'Ctrl+Enter' everywhere but inside an open dialog. */
export type Keys = Readonly<Record<string, (() => void) | undefined>>

const inBox = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** The key's name, null where it is not ours: it belongs to a box, a dialog or an open list. */
function nameOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.altKey || event.isComposing) return null
  const ctrl = event.ctrlKey || event.metaKey
  if (!ctrl && event.key !== 'Escape' && inBox(event.target)) return null
  const elsewhere = event.target instanceof HTMLElement && event.target.closest('[role="dialog"], input[aria-expanded="true"]') !== null
  return elsewhere && !ctrl ? null : ctrl ? `Ctrl+${event.key}` : event.key
}

export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const name = nameOf(event)
      if (name === null) return
      const act = latest.current[name]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => { window.removeEventListener('keydown', press) }
  }, [])
}
