import { expect, test } from 'vitest'
import { incident, unit } from '@/lib/store/fixtures'
import { byPriority, unitsByAgency } from './tally'

test('every priority has a count, also none', () => {
  const open = [incident('1', { priority: 'P1' }), incident('2', { priority: 'P3' }), incident('3', { priority: 'P1' })]
  expect(byPriority(open)).toEqual({ P1: 2, P2: 0, P3: 1, P4: 0, P5: 0 })
})

test('units are counted once in their agency and once in all', () => {
  const { all, agencies } = unitsByAgency([
    unit('a', { agency: 'PSC 119', state: 'available' }),
    unit('b', { agency: 'Damkar', state: 'committed' }),
    unit('c', { agency: 'Damkar', state: 'out_of_service' }),
    unit('d', { agency: 'Damkar', state: 'off_duty' }),
  ])
  expect(agencies).toEqual([
    ['Damkar', { available: 0, committed: 1, out: 1, off: 1 }],
    ['PSC 119', { available: 1, committed: 0, out: 0, off: 0 }],
  ])
  expect(all).toEqual({ available: 1, committed: 1, out: 1, off: 1 })
})
