import { expect, test } from 'vitest'
import type { ChartBlock } from '../model'
import { columnsOf, isBar, labelledAt } from './series'

const block: ChartBlock = {
  kind: 'chart', title: '', unit: '', labels: ['Jan', 'Feb', 'Mar'],
  series: [{ name: 'a', values: ['12.5', null, 3] }, { name: 'b', values: [1, 'x'] }],
}

test('figures come as numbers, what is not known as a gap, never as nought', () => {
  expect(columnsOf(block)).toEqual([[0, 1, 2], [12.5, null, 3], [1, null, null]])
})

test('labels are spread evenly and the newest is always named', () => {
  expect(labelledAt(10, 4)).toEqual([0, 3, 6, 9])
  expect(labelledAt(3, 10)).toEqual([0, 1, 2])
  expect(labelledAt(0, 5)).toEqual([])
  expect(labelledAt(30, 0)).toEqual([29])
})

test('lines unless bars are asked for', () => {
  expect(isBar(block)).toBe(false)
  expect(isBar({ ...block, style: 'bar' })).toBe(true)
})
