import { expect, test } from 'vitest'
import type { JsonSchema } from '../model'
import { sentSettings, settingsFields, typedSettings, untouched } from './schema'

const schema: JsonSchema = {
  properties: {
    title: { type: 'string', title: 'Judul', maxLength: 80 },
    fee: { anyOf: [{ type: 'number' }, { type: 'string' }], label: { id: 'Biaya', en: 'Fee' } },
    days: { type: 'integer', minimum: 1, maximum: 31 },
    open: { type: 'boolean' },
    mode: { enum: ['a', 'b'] },
    until: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
    list: { type: 'array' },
  },
}

test('each setting gets the box of its type; what has none is left out, and sent back as it was', () => {
  const fields = settingsFields(schema)
  expect(fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ['title', 'text', false], ['fee', 'decimal', true], ['days', 'integer', true],
    ['open', 'boolean', true], ['mode', 'choice', true], ['until', 'date', false],
  ])
  expect(fields[1]?.label).toEqual({ id: 'Biaya', en: 'Fee' })
  expect([fields[2]?.least, fields[2]?.most]).toEqual([1, 31])
  expect(untouched(schema, { title: 'x', list: [1] })).toEqual({ list: [1] })
  expect(settingsFields({})).toEqual([])
})

test('the boxes begin with what is set', () => {
  expect(typedSettings(settingsFields(schema), { title: 'x', fee: '1500.5', days: 7, open: true, until: null }, 'id')).toEqual({
    title: 'x', fee: '1.500,5', days: '7', open: 'true', mode: '', until: '',
  })
})

test('an emptied text is sent as one, and what may be absent as null', () => {
  expect(sentSettings(schema, { title: null, until: null, days: 7 })).toEqual({ title: '', until: null, days: 7 })
})
