import { expect, test } from 'vitest'
import { call, recorded } from '@/lib/store/fixtures'
import { EMPTY } from '@/lib/store'
import { calledAgain, callbackEnds, firstToCallBack, isFlood, listenLeft, nextSilentStep, toCallBack } from './care'

const AT = '2026-11-24T06:00:00Z'
const NOW_S = Date.parse(AT) / 1000

test('a silent caller is asked, listened to, and offered a call back, in this order', () => {
  expect(nextSilentStep(call('a'))).toBe('ask')
  expect(nextSilentStep(call('a', { silent_asked_at: AT }))).toBe('listen')
  expect(nextSilentStep(call('a', { silent_asked_at: AT, silent_listened_at: AT }))).toBe('callback')
  expect(nextSilentStep(call('a', { silent_asked_at: AT, silent_listened_at: AT, silent_callback_at: AT }))).toBeNull()
})

test('listening counts down from the question and never below nought', () => {
  const asked = call('a', { silent_asked_at: AT })
  expect(listenLeft(asked, NOW_S + 3, 8)).toBe(5)
  expect(listenLeft(asked, NOW_S + 30, 8)).toBe(0)
  expect(listenLeft(call('a'), NOW_S, 8)).toBe(0)
})

test('whoever waits longest for a call back comes first, and only lost calls are listed', () => {
  const calls = {
    b: call('b', { state: 'abandoned', arrived_at: '2026-11-24T06:01:00Z' }),
    a: call('a', { state: 'ivr_dropped', arrived_at: AT }),
    c: call('c', { state: 'answered' }),
  }
  expect(toCallBack({ ...EMPTY, calls }).map(({ id }) => id)).toEqual(['a', 'b'])
})

test('a call without a number, or with somebody on it, is passed over', () => {
  const calls = [
    call('a', { ani: null }),
    call('b', { callback_by: 'siti' }),
    call('c', { callback_by: 'rina' }),
    call('d'),
  ]
  expect(firstToCallBack(calls, 'rina')?.id).toBe('c')
  expect(firstToCallBack(calls.slice(0, 2), 'rina')).toBeNull()
})

test('giving a caller up needs the attempts or a reason, and so does closing one that nobody called', () => {
  const needs = (fields: Parameters<typeof call>[1], disposition: string): boolean | undefined =>
    callbackEnds(call('a', fields), 3).find((end) => end.disposition === disposition)?.needsReason
  expect(needs({ callback_attempts: 0 }, 'handled')).toBe(true)
  expect(needs({ callback_attempts: 1 }, 'handled')).toBe(false)
  expect(needs({ callback_attempts: 2 }, 'dropped')).toBe(true)
  expect(needs({ callback_attempts: 3 }, 'dropped')).toBe(false)
  expect(needs({ ani: null }, 'dropped')).toBe(false)
})

test('a lost call that ended by a later one is shown for ten minutes', () => {
  const event = { ...recorded({ calls: [call('a', { state: 'closed' })] }), type: 'call.called_again' }
  expect(calledAgain([{ event }], NOW_S + 60).map(({ id }) => id)).toEqual(['a'])
  expect(calledAgain([{ event }], NOW_S + 601)).toEqual([])
  expect(calledAgain([{ event: recorded({}) }], NOW_S)).toEqual([])
})

test('a flood begins at the threshold over the seats, and nothing is claimed before the numbers are there', () => {
  expect(isFlood(5, { seats: 2, over: 3 })).toBe(true)
  expect(isFlood(4, { seats: 2, over: 3 })).toBe(false)
  expect(isFlood(99, undefined)).toBe(false)
})
