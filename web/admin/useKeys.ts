import { useEffect, useRef } from 'react'

/** By key: a plain one works outside boxes alone; 'Escape' and 'Ctrl+Enter' everywhere but inside an open dialog. */
export type Keys = Readonly<Record<string, (() => void) | undefined>>

const inBox = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return
      const target = event.target instanceof HTMLElement ? event.target : null
      if (target?.closest('[role="dialog"], [aria-expanded="true"]')) return
      const ctrl = event.ctrlKey || event.metaKey
      const name = ctrl ? `Ctrl+${event.key}` : event.key
      if (!ctrl && event.key !== 'Escape' && inBox(target)) return
      const act = latest.current[name]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => { window.removeEventListener('keydown', press) }
  }, [])
}
