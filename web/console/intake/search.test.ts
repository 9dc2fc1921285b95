import { expect, test } from 'vitest'
import type { ProtocolView } from '@/lib/api'
import { findTypes } from './search'

const type = (code: string, id: string, en: string, keywords: string[]): ProtocolView => ({
  code, name: { id, en }, category: 'lain_lain', icon: '', keywords, questions: [], version: '1', signed_off: null,
})
const types = [
  type('fire', 'Kebakaran', 'Fire', ['api', 'asap', 'terbakar']),
  type('traffic_accident', 'Kecelakaan lalu lintas', 'Traffic accident', ['tabrakan', 'motor', 'truk']),
  type('fallen_tree', 'Pohon tumbang', 'Fallen tree', ['jalan tertutup']),
]
const found = (query: string): string[] => findTypes(types, query, 'id').map(({ code }) => code)

test('what the caller says finds the type', () => {
  expect(found('asap')).toEqual(['fire'])
  expect(found('tabrak')).toEqual(['traffic_accident'])
})

test('the name in either language finds it, and all words must match', () => {
  expect(found('ke')).toEqual(['fire', 'traffic_accident'])
  expect(found('tree')).toEqual(['fallen_tree'])
  expect(found('kecelakaan motor')).toEqual(['traffic_accident'])
  expect(found('kecelakaan asap')).toEqual([])
})

test('an empty query offers all in the order of the centre', () => {
  expect(found('  ')).toEqual(['fire', 'traffic_accident', 'fallen_tree'])
})
