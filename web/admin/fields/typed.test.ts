import { describe, expect, test } from 'vitest'
import type { Field, Kind } from '../model'
import { decimalText, isJump, plainNumber, rupiah } from './numbers'
import { valueText } from './show'
import { momentToWita, parseForm, parsePoint, parseTyped, sameTyped, typedOf, typedRow, witaToMoment } from './typed'

const field = (kind: Kind, more: Partial<Field> = {}): Field => ({
  name: 'x', label: { id: 'X', en: 'X' }, kind, required: false, hint: null, choices: [], resource: null,
  least: null, most: null, longest: 200, unit: null, default: null, typed: true, in_list: true, ...more,
})

describe('numbers are read as the language writes them', () => {
  test.each([
    ['1250000', 'id', true, '1250000'],
    ['1.250.000', 'id', true, '1250000'],
    ['Rp 1.250.000', 'id', true, '1250000'],
    ['Rp1,250,000', 'en', true, '1250000'],
    ['1,250,000', 'id', true, '1250000'],
    ['12.5', 'id', true, null],
    ['12,5', 'id', true, null],
    ['1.25.000', 'id', true, null],
    ['-3', 'id', true, '-3'],
    ['007', 'id', true, '7'],
    ['12,5', 'id', false, '12.5'],
    ['12.5', 'id', false, '12.5'],
    ['1.250', 'id', false, '1250'],
    ['1.250', 'en', false, '1.250'],
    ['1.250,75', 'id', false, '1250.75'],
    ['1,250.75', 'en', false, '1250.75'],
    ['1,2,3', 'id', false, null],
    ['dua', 'id', false, null],
    ['', 'id', true, null],
    ['1e5', 'id', false, null],
  ] as const)('%s (%s, whole %s) is %s', (typed, language, whole, plain) => {
    expect(plainNumber(typed, language, whole)).toBe(plain)
  })

  test('a long decimal loses nothing on the way there and back', () => {
    const long = '9007199254740993.123456'
    expect(plainNumber(decimalText(long, 'id'), 'id', false)).toBe(long)
    expect(decimalText(long, 'id')).toBe('9.007.199.254.740.993,123456')
  })

  test('money carries its sign in front', () => {
    expect(rupiah(1250000, 'id')).toBe('Rp1.250.000')
    expect(rupiah(-500, 'en')).toBe('-Rp500')
  })
})

test('three decimals go to the server so that they cannot mean thousands', () => {
  expect(parseTyped(field('decimal'), '2,750', 'id').value).toBe('2.7500')
  expect(parseTyped(field('decimal'), '2,75', 'id').value).toBe('2.75')
  expect(parseTyped(field('money'), '2.750', 'id').value).toBe(2750)
})

test('a date may begin with today in WITA', () => {
  expect(typedRow([field('date', { default: 'today' })], null, 'id').x).toMatch(/^20\d\d-\d\d-\d\d$/)
  expect(typedRow([field('date', { default: 'today' })], {}, 'id').x).toBe('')
})

test('a jump is a change beyond the share of the last value, in both directions', () => {
  expect(isJump('125', '100', '0.25')).toBe(false)
  expect(isJump('126', '100', '0.25')).toBe(true)
  expect(isJump('74', '100', '0.25')).toBe(true)
  expect(isJump('900', null, '0.25')).toBe(false)
  expect(isJump('900', '0', '0.25')).toBe(false)
  expect(isJump('900', '100', null)).toBe(false)
})

describe('moments are WITA on the screen and UTC on the wire', () => {
  test('both ways, over midnight', () => {
    expect(momentToWita('2026-11-24T18:03:00Z')).toBe('2026-11-25T02:03')
    expect(witaToMoment('2026-11-25T02:03')).toBe('2026-11-24T18:03:00.000Z')
  })
  test('what is no moment is none', () => {
    expect(witaToMoment('besok')).toBeNull()
    expect(momentToWita('besok')).toBe('')
  })
})

describe('points', () => {
  test.each([
    ['-1.29381, 116.51234', { lat: -1.29381, lon: 116.51234 }],
    ['-1.3 116.5', { lat: -1.3, lon: 116.5 }],
    ['-1,3; 116,5', { lat: -1.3, lon: 116.5 }],
    ['116.5', null],
    ['-91, 10', null],
    ['1, 181', null],
    ['a, b', null],
  ])('%s', (text, point) => {
    expect(parsePoint(text)).toEqual(point)
  })
})

describe('a box holds a value or says what is wrong', () => {
  test.each([
    [field('text', { required: true }), '  ', { why: 'required' }],
    [field('text', { longest: 3 }), 'empat', { why: 'longest', limit: 3 }],
    [field('integer', { least: '1' }), '0', { why: 'least', limit: '1' }],
    [field('money', { most: '100' }), '101', { why: 'most', limit: '100' }],
    [field('integer'), '1,5', { why: 'integer' }],
    [field('decimal'), 'x', { why: 'decimal' }],
    [field('date'), '24-11-2026', { why: 'date' }],
    [field('time'), '7', { why: 'time' }],
    [field('link'), 'http://a.id', { why: 'link' }],
    [field('phone'), 'telepon', { why: 'phone' }],
    [field('point'), '1', { why: 'point' }],
  ] as const)('%#', (of, text, flaw) => {
    expect(parseTyped(of, text, 'id')).toEqual({ value: null, flaw })
  })

  test('decimals stay text, whole numbers become numbers, an empty box is null', () => {
    expect(parseTyped(field('decimal'), '12,50', 'id').value).toBe('12.50')
    expect(parseTyped(field('money'), '1.000', 'id').value).toBe(1000)
    expect(parseTyped(field('text'), ' ', 'id')).toEqual({ value: null, flaw: null })
    expect(parseTyped(field('boolean', { required: true }), '', 'id')).toEqual({ value: false, flaw: null })
  })

  test('a stored value stands in its box as it is typed', () => {
    for (const [kind, value] of [['money', 1250000], ['decimal', '12.5'], ['date', '2026-11-24'], ['boolean', true]] as const) {
      const text = typedOf(field(kind), value, 'id')
      expect(parseTyped(field(kind), text, 'id').value).toBe(value)
    }
  })
})

test('a form gives all values, or all flaws at once; fields that nobody types are left out', () => {
  const fields = [
    field('text', { name: 'a', required: true }),
    field('money', { name: 'b' }),
    field('text', { name: 'c', typed: false }),
  ]
  expect(parseForm(fields, { a: 'ya', b: '5', c: 'tidak' }, 'id')).toEqual({ values: { a: 'ya', b: 5 }, flaws: {} })
  expect(Object.keys(parseForm(fields, { b: 'lima' }, 'id').flaws)).toEqual(['a', 'b'])
})

test('a new form begins with the defaults', () => {
  expect(typedRow([field('integer', { default: '1000' })], null, 'id')).toEqual({ x: '1.000' })
  expect(sameTyped({ x: '' }, {})).toBe(true)
  expect(sameTyped({ x: '1' }, {})).toBe(false)
})

test('values are shown as people read them', () => {
  expect(valueText(field('money'), 5000, 'id')).toBe('Rp5.000')
  expect(valueText(field('decimal', { unit: { id: 'kg', en: 'kg' } }), '2.5', 'id')).toBe('2,5 kg')
  expect(valueText(field('moment'), '2026-11-24T18:03:00Z', 'en')).toBe('25 Nov 2026 02:03')
  expect(valueText(field('date'), '2026-08-04', 'id')).toBe('4 Agu 2026')
  expect(valueText(field('reference'), 'r1', 'id', 'Pantai')).toBe('Pantai')
  expect(valueText(field('choice', { choices: [{ value: 'a', label: { id: 'Satu', en: 'One' } }] }), 'a', 'en')).toBe('One')
  expect(valueText(field('boolean'), false, 'id')).toBe('tidak')
  expect(valueText(field('text'), null, 'id')).toBe('–')
})
