import { describe, expect, test } from 'vitest'
import { alarm, assignment, call, event, incident, position, snapshot, unit } from './fixtures'
import type { ServerMessage } from './messages'
import { apply, EMPTY, RECENT_EVENTS, type LiveState } from './state'

const fold = (...messages: ServerMessage[]): LiveState => messages.reduce(apply, EMPTY)
/** What a snapshot determines; `recent` is the client's own memory. */
const held = ({ recent: _recent, ...rest }: LiveState): Omit<LiveState, 'recent'> => rest

describe('before a snapshot', () => {
  test('nothing counts as loaded, even when positions and health came', () => {
    const state = fold(
      { t: 'positions', at: '', items: [position('a', '2026-11-24T06:00:00Z')] },
      { t: 'health', at: '', parts: [] },
    )
    expect(state.loaded).toBe(false)
  })
})

describe('snapshot + events = a fresh snapshot', () => {
  test('a closed call leaves, an abandoned one stays until somebody closes it', () => {
    const stepped = fold(
      snapshot(1, { calls: [call('a'), call('b')] }),
      event(2, { calls: [call('a', { state: 'closed' })] }),
      event(3, { calls: [call('b', { state: 'abandoned' })] }),
    )
    expect(held(stepped)).toEqual(held(fold(snapshot(3, { calls: [call('b', { state: 'abandoned' })] }))))
  })

  test.each(['closed', 'cancelled', 'merged'] as const)('a %s incident leaves with its assignments', (state) => {
    const stepped = fold(
      snapshot(1, {
        incidents: [incident('i'), incident('j')],
        assignments: [assignment('x', 'i', { state: 'declined' }), assignment('y', 'j')],
      }),
      event(2, { incidents: [incident('i', { state })], assignments: [assignment('x', 'i', { state: 'cleared' })] }),
    )
    expect(held(stepped)).toEqual(
      held(fold(snapshot(2, { incidents: [incident('j')], assignments: [assignment('y', 'j')] }))),
    )
  })

  test('an ended assignment of an open incident stays', () => {
    const stepped = fold(
      snapshot(1, { incidents: [incident('i')], assignments: [assignment('x', 'i')] }),
      event(2, { assignments: [assignment('x', 'i', { state: 'declined' })] }),
    )
    expect(stepped.assignments.x?.state).toBe('declined')
  })

  test('an acknowledged alarm leaves', () => {
    const stepped = fold(
      snapshot(1, { alarms: [alarm('a'), alarm('b')] }),
      event(2, { alarms: [alarm('a', { acknowledged_at: '2026-11-24T06:01:00Z' })] }),
    )
    expect(held(stepped)).toEqual(held(fold(snapshot(2, { alarms: [alarm('b')] }))))
  })

  test('a snapshot forgets what it does not hold', () => {
    const state = fold(snapshot(1, { calls: [call('a')], units: [unit('u')] }), snapshot(9, { units: [unit('v')] }))
    expect(held(state)).toEqual(held(fold(snapshot(9, { units: [unit('v')] }))))
  })
})

describe('order', () => {
  test('an event that was seen before changes nothing', () => {
    const state = fold(snapshot(5, { calls: [call('a', { state: 'answered' })] }))
    expect(apply(state, event(5, { calls: [call('a', { state: 'queued' })] }))).toBe(state)
  })

  test('a gap in the sequence is what one may not see', () => {
    expect(fold(snapshot(5), event(9, { calls: [call('a')] })).seq).toBe(9)
  })

  test('a beat moves the sequence on, so that a resume asks for no more than it needs', () => {
    expect(fold(snapshot(5), { t: 'beat', seq: 40, at: '' }).seq).toBe(40)
    expect(fold(snapshot(5), { t: 'beat', seq: 3, at: '' }).seq).toBe(5)
  })
})

describe('positions', () => {
  const early = position('u', '2026-11-24T06:00:00Z', -1.1)
  const late = position('u', '2026-11-24T06:00:05Z', -1.2)

  test('the newest wins, whatever the order of arrival', () => {
    const state = fold(snapshot(1), { t: 'positions', at: '', items: [late] }, { t: 'positions', at: '', items: [early] })
    expect(state.positions.u).toEqual(late)
  })

  test('a unit event with an older position does not turn the unit back', () => {
    const state = fold(
      snapshot(1, { units: [unit('u')] }),
      { t: 'positions', at: '', items: [late] },
      event(2, { units: [unit('u', { state: 'committed', position: early })] }),
    )
    expect(state.positions.u).toEqual(late)
  })

  test('leave units and incidents untouched, so that their lists do not draw again', () => {
    const before = fold(snapshot(1, { units: [unit('u')], incidents: [incident('i')] }))
    const after = apply(before, { t: 'positions', at: '', items: [late] })
    expect(after.units).toBe(before.units)
    expect(after.incidents).toBe(before.incidents)
  })
})

test('recent events are kept in order and bounded', () => {
  const events = Array.from({ length: RECENT_EVENTS + 5 }, (_, n) => event(n + 2, {}, 'i'))
  const { recent } = fold(snapshot(1), ...events)
  expect(recent).toHaveLength(RECENT_EVENTS)
  expect(recent.at(-1)?.seq).toBe(RECENT_EVENTS + 6)
})
