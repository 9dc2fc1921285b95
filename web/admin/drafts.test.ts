import { expect, test } from 'vitest'
import { dropDraft, keepDraft, readDraft, type Shelf } from './drafts'

function shelf(): Shelf & { held: Map<string, string> } {
  const held = new Map<string, string>()
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => { held.set(key, value) },
    removeItem: (key) => { held.delete(key) },
  }
}

const HOUR_MS = 3_600_000

test('a draft is found again, until it is old or dropped', () => {
  const kept = shelf()
  keepDraft('p/r/1', { typed: { name: 'Pantai' }, version: 3, at: 0 }, kept)
  expect(readDraft('p/r/1', HOUR_MS, kept)).toEqual({ typed: { name: 'Pantai' }, version: 3, at: 0 })
  expect(readDraft('p/r/2', HOUR_MS, kept)).toBeNull()
  expect(readDraft('p/r/1', 13 * HOUR_MS, kept)).toBeNull()
  dropDraft('p/r/1', kept)
  expect(readDraft('p/r/1', 0, kept)).toBeNull()
})

test.each(['', '{', 'null', '[]', '{"typed":{"a":1},"version":1,"at":0}', '{"typed":{},"version":"1","at":0}'])(
  'what cannot be read is no draft: %s',
  (text) => {
    const kept = shelf()
    kept.held.set('siaga.draft.x', text)
    expect(readDraft('x', 0, kept)).toBeNull()
  },
)

test('a full storage does not break the form', () => {
  const full: Shelf = { ...shelf(), setItem: () => { throw new Error('quota') } }
  expect(() => { keepDraft('x', { typed: {}, version: null, at: 0 }, full) }).not.toThrow()
})
