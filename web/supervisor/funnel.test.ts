import { expect, test } from 'vitest'
import { percent, ruleState } from './funnel'

test('a share of nothing is a dash, and a small one is not called nought', () => {
  expect(percent(null)).toBe('–')
  expect(percent(0)).toBe('0%')
  expect(percent(0.004)).toBe('<1%')
  expect(percent(0.788)).toBe('79%')
  expect(percent(1)).toBe('100%')
})

test('a rule is in force only when a PBX has said so', () => {
  expect(ruleState({ ended_at: null, in_force: [] })).toBe('waiting')
  expect(ruleState({ ended_at: null, in_force: [{ pbx: 'main', at: '' }] })).toBe('in_force')
  expect(ruleState({ ended_at: '2026-11-24T06:00:00Z', in_force: [{ pbx: 'main', at: '' }] })).toBe('ended')
})
