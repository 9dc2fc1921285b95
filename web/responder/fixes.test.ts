import { expect, test } from 'vitest'
import { addFix, fixOf, MOST_FIXES } from './fixes'

const sensed = (speed: number | null, heading: number | null) => ({
  timestamp: Date.parse('2026-11-24T06:00:00Z'),
  coords: { latitude: -1.3, longitude: 116.7, accuracy: 12.4, speed, heading },
})

test('a fix speaks in km/h and whole metres', () => {
  expect(fixOf(sensed(10, 89.6))).toEqual({
    lat: -1.3,
    lon: 116.7,
    at: '2026-11-24T06:00:00.000Z',
    accuracy_m: 12,
    speed_kmh: 36,
    heading: 90,
  })
})

test('what the phone does not know is left out, not zero', () => {
  expect(fixOf(sensed(null, NaN))).not.toHaveProperty('speed_kmh')
  expect(fixOf(sensed(null, NaN))).not.toHaveProperty('heading')
})

test('only the newest fixes are kept while the network is away', () => {
  const fixes = Array.from({ length: MOST_FIXES + 3 }, (_, i) => ({ ...fixOf(sensed(0, 0)), lat: i }))
  const kept = fixes.reduce(addFix, [] as readonly (typeof fixes)[number][])
  expect(kept).toHaveLength(MOST_FIXES)
  expect(kept.at(-1)?.lat).toBe(MOST_FIXES + 2)
})
