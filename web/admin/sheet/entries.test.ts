import { expect, test } from 'vitest'
import type { SheetRow } from '../model'
import { changeText, lineOf, progressOf, readBegun, type SheetRules } from './entries'

const row = (key: string, more: Partial<SheetRow> = {}): SheetRow => ({ key, label: key, hint: '', unit: 'Rp', last: '10000', value: null, ...more })
const rules: SheetRules = { jump: '0.25', places: 0, language: 'id' }
const line = (text: string, confirmed = '', more: Partial<SheetRow> = {}, of = rules) =>
  lineOf(row('a', more), { entries: { a: text }, confirmed: confirmed === '' ? {} : { a: confirmed } }, of)

test('a box is empty, a number, or wrong', () => {
  expect(line('')).toMatchObject({ value: null, wrong: false, jump: false })
  expect(line('12.000')).toMatchObject({ value: '12000', wrong: false, jump: false })
  expect(line('dua')).toMatchObject({ value: null, wrong: true })
  expect(line('1,5')).toMatchObject({ value: null, wrong: true })
})

test('as many decimals as the sheet takes', () => {
  const two = { ...rules, places: 2 }
  expect(line('2,75', '', {}, two).value).toBe('2.75')
  expect(line('2,755', '', {}, two).wrong).toBe(true)
})

test('a confirmation holds for the value that was confirmed, not for another typo', () => {
  expect(line('20.000')).toMatchObject({ jump: true, confirmed: false })
  expect(line('20.000', '20000')).toMatchObject({ jump: true, confirmed: true })
  expect(line('200.000', '20000')).toMatchObject({ jump: true, confirmed: false })
})

test('progress counts what is stored already, and what still needs an eye', () => {
  const lines = [line('11.000'), line('', '', { value: '9000' }), line(''), line('x'), line('99.000')]
  expect(progressOf(lines)).toEqual({ filled: 3, total: 5, wrong: 1, open: 1 })
})

test('a change is told in per cent of the last value', () => {
  expect(changeText('14000', '10000')).toBe('+40')
  expect(changeText('8800', '10000')).toBe('-12')
})

test('a begun sheet is read back, anything else is none', () => {
  const begun = { key: 'k', head: {}, entries: { a: '1' }, confirmed: {} }
  expect(readBegun(JSON.parse(JSON.stringify(begun)))).toEqual(begun)
  for (const other of [undefined, null, 7, {}, { ...begun, entries: { a: 1 } }]) expect(readBegun(other)).toBeNull()
})
