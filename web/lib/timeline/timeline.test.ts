import { expect, test } from 'vitest'
import { receivedLate } from './timeline'

const told = (received_at: string | null) => ({ at: '2026-11-24T06:00:00Z', data: { received_at } })

test('only a report that came notably later than it happened is marked', () => {
  expect(receivedLate(told(null))).toBeNull()
  expect(receivedLate(told('2026-11-24T06:00:03Z'))).toBeNull()
  expect(receivedLate(told('2026-11-24T06:40:00Z'))).toBe('2026-11-24T06:40:00Z')
})
