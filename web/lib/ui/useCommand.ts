import { useRef, useState } from 'react'
import { ApiError, newKey } from '@/lib/api'
import { showError } from './errors'

export interface Command<A extends unknown[]> {
  /** Sends it; while one is on its way a second press does nothing. */
  run: (...args: A) => Promise<boolean>
  busy: boolean
}

/**
 * A command of the user. One intent has one idempotency key: when no answer came, pressing again with the same
 * arguments sends the same key, so that the effect happens once. `onError` may take a failure over by returning true.
 */
export function useCommand<A extends unknown[], R>(
  send: (key: string, ...args: A) => Promise<R>,
  options: { onDone?: (result: R, ...args: A) => void; onError?: (error: unknown, ...args: A) => boolean } = {},
): Command<A> {
  const [busy, setBusy] = useState(false)
  const onItsWay = useRef(false)
  const intent = useRef<{ key: string; args: string } | null>(null)

  const run = async (...args: A): Promise<boolean> => {
    if (onItsWay.current) return false
    onItsWay.current = true
    setBusy(true)
    const same = JSON.stringify(args)
    const key = intent.current?.args === same ? intent.current.key : newKey()
    intent.current = { key, args: same }
    try {
      const result = await send(key, ...args)
      intent.current = null
      options.onDone?.(result, ...args)
      return true
    } catch (error) {
      if (!(error instanceof ApiError && error.kind === 'unreachable')) intent.current = null
      if (options.onError?.(error, ...args) !== true) showError(error)
      return false
    } finally {
      onItsWay.current = false
      setBusy(false)
    }
  }
  return { run, busy }
}
