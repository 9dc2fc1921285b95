import { useRef, useState } from 'react'
import { ApiError, newKey } from '@/lib/api'
import { showError } from './errors'

export interface Command<A extends unknown[]> {
  /** Sends it; while one is on its way a second press does nothing. */
  run: (...args: A) => Promise<boolean>
  busy: boolean
}

type Send = (key: string, ...args: never[]) => Promise<unknown>
/** What the user chose: the arguments after the key. */
type ArgsOf<F extends Send> = F extends (key: string, ...args: infer A) => Promise<unknown> ? A : never

/**
 * A command of the user. One intent has one idempotency key: when no answer came, pressing again with the same
 * arguments sends the same key, so that the effect happens once. `onError` may take a failure over by returning true.
 */
export function useCommand<F extends Send>(
  send: F,
  options: {
    onDone?: (result: Awaited<ReturnType<F>>, ...args: ArgsOf<F>) => void
    onError?: (error: unknown, ...args: ArgsOf<F>) => boolean
  } = {},
): Command<ArgsOf<F>> {
  const [busy, setBusy] = useState(false)
  const onItsWay = useRef(false)
  const intent = useRef<{ key: string; args: string } | null>(null)

  const run = async (...args: ArgsOf<F>): Promise<boolean> => {
    if (onItsWay.current) return false
    onItsWay.current = true
    setBusy(true)
    const same = JSON.stringify(args)
    const key = intent.current?.args === same ? intent.current.key : newKey()
    intent.current = { key, args: same }
    try {
      const result = (await send(key, ...(args as never[]))) as Awaited<ReturnType<F>>
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
