/** A status is sent three seconds after the touch, so that a slip of a wet thumb can be taken back. */
import { useEffect, useRef, useState } from 'react'

export const UNDO_MS = 3_000

export interface Undo<A> {
  /** What is about to be sent. */
  pending: A | null
  press: (act: A) => void
  undo: () => void
}

export function useUndo<A>(send: (act: A) => void): Undo<A> {
  const [pending, setPending] = useState<A | null>(null)
  const latest = useRef(send)
  useEffect(() => {
    latest.current = send
  })
  useEffect(() => {
    if (pending === null) return
    const commit = (): void => {
      setPending(null)
      latest.current(pending)
    }
    const timer = setTimeout(commit, UNDO_MS)
    window.addEventListener('pagehide', commit) // closing the page is no undo
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', commit)
    }
  }, [pending])
  return { pending, press: setPending, undo: () => { setPending(null) } }
}
