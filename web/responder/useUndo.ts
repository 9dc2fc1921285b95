/** A status is sent three seconds after the touch, so that a slip of a wet thumb can be taken back. */
import { useEffect, useRef, useState } from 'react'
import { live } from '@/lib/store'

export const UNDO_MS = 3_000

export interface Undo<A> {
  /** What is about to be sent. */
  pending: A | null
  press: (act: A) => void
  undo: () => void
}

/** `send` is told when it was pressed, ms on the centre's clock: the pause is no part of the crew's way. */
export function useUndo<A>(send: (act: A, pressedAt: number) => void): Undo<A> {
  const [pending, setPending] = useState<{ act: A; at: number } | null>(null)
  const latest = useRef(send)
  useEffect(() => {
    latest.current = send
  })
  useEffect(() => {
    if (pending === null) return
    const commit = (): void => {
      setPending(null)
      latest.current(pending.act, pending.at)
    }
    const timer = setTimeout(commit, UNDO_MS)
    window.addEventListener('pagehide', commit) // closing the page is no undo
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', commit)
    }
  }, [pending])
  return {
    pending: pending?.act ?? null,
    press: (act) => { setPending({ act, at: live.now() }) },
    undo: () => { setPending(null) },
  }
}
