import { expect, test } from 'vitest'
import { alarm, call, incident, snapshot } from './fixtures'
import { lostCalls, openAlarms, openIncidents, waitingCalls } from './select'
import { apply, EMPTY } from './state'

const stateOf = (held: Parameters<typeof snapshot>[1]): typeof EMPTY => apply(EMPTY, snapshot(1, held))
const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id)

test('the longest waiting call stands first and answered ones do not wait', () => {
  const state = stateOf({
    calls: [
      call('late', { arrived_at: '2026-11-24T06:02:00Z' }),
      call('early', { arrived_at: '2026-11-24T06:01:00Z', state: 'ringing' }),
      call('talking', { state: 'answered' }),
      call('gone', { state: 'abandoned' }),
    ],
  })
  expect(ids(waitingCalls(state))).toEqual(['early', 'late'])
  expect(ids(lostCalls(state))).toEqual(['gone'])
})

test('incidents go by priority, then by age', () => {
  const state = stateOf({
    incidents: [
      incident('p2', { priority: 'P2' }),
      incident('new', { opened_at: '2026-11-24T06:05:00Z' }),
      incident('old', { opened_at: '2026-11-24T06:01:00Z' }),
    ],
  })
  expect(ids(openIncidents(state))).toEqual(['old', 'new', 'p2'])
})

test('alarms of the highest level go first', () => {
  expect(ids(openAlarms(stateOf({ alarms: [alarm('a', { level: 1 }), alarm('b', { level: 3 })] })))).toEqual(['b', 'a'])
})
