/** Pure: the order of calling back, the next step with a silent caller, and when the centre is flooded. */
import type { Load, SilentStep } from '@/lib/api/care'
import type { CallDisposition, CallView, Recorded } from '@/lib/events/generated'
import type { LiveState } from '@/lib/store'

/** The step of the silent-call procedure that comes next; null when all are done. */
export function nextSilentStep(call: CallView): SilentStep | null {
  if (call.silent_asked_at === null) return 'ask'
  if (call.silent_listened_at === null) return 'listen'
  return call.silent_callback_at === null ? 'callback' : null
}

/** Whole seconds that a silent caller is still to be listened to; 0 when that is over or did not begin. */
export function listenLeft(call: CallView, nowS: number, listenS: number): number {
  if (call.silent_asked_at === null || call.silent_listened_at !== null) return 0
  return Math.max(0, Math.ceil(Date.parse(call.silent_asked_at) / 1000 + listenS - nowS))
}

/** Callers who gave up, the oldest first: whoever waits longest is called back first. */
export const toCallBack = (state: LiveState): CallView[] =>
  Object.values(state.calls)
    .filter((call) => call.state === 'abandoned' || call.state === 'ivr_dropped')
    .sort((a, b) => Date.parse(a.arrived_at) - Date.parse(b.arrived_at))

/** The first that this user may call back: has a number and nobody else is on it. */
export const firstToCallBack = (calls: readonly CallView[], userId: string): CallView | null =>
  calls.find((call) => call.ani !== null && (call.callback_by === null || call.callback_by === userId)) ?? null

/** How a call back may end now; before the first attempt, or before the last, only with a reason. */
export function callbackEnds(call: CallView, attempts: number): { disposition: CallDisposition; needsReason: boolean }[] {
  const reached: CallDisposition[] = ['handled', 'prank', 'accidental', 'silent', 'information', 'test']
  const untried = call.ani !== null && call.callback_attempts === 0
  return [
    ...reached.map((disposition) => ({ disposition, needsReason: untried })),
    { disposition: 'dropped', needsReason: call.ani !== null && call.callback_attempts < attempts },
  ]
}

const AGAIN_SHOWN_MS = 10 * 60_000

/** Lost calls that were closed lately since the number called again: shown for a while, so that nobody wonders. */
export function calledAgain(recent: readonly { event: Recorded }[], nowS: number): CallView[] {
  return recent
    .filter(({ event }) => event.type === 'call.called_again' && nowS * 1000 - Date.parse(event.at) < AGAIN_SHOWN_MS)
    .flatMap(({ event }) => event.changed.calls)
    .reverse()
}

/** As the server reckons it, on numbers that are fresh at each event. */
export const isFlood = (waiting: number, load: Pick<Load, 'seats' | 'over'> | undefined): boolean =>
  load !== undefined && waiting - load.seats >= load.over
