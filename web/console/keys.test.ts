import { expect, test } from 'vitest'
import { actionOf, KEYS } from './keys'

const press = (fields: Partial<Parameters<typeof actionOf>[0]>): ReturnType<typeof actionOf> =>
  actionOf({ key: '', code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...fields })

test('no two acts share a key', () => {
  const combos = Object.values(KEYS)
  expect(new Set(combos).size).toBe(combos.length)
})

test('no key belongs to the browser: reload, address bar, full screen, tools, menus', () => {
  const taken = ['F5', 'F6', 'F7', 'F11', 'F12', 'Alt+D', 'Alt+E', 'Alt+F', 'Alt+ArrowLeft', 'Alt+ArrowRight']
  expect(Object.values(KEYS).filter((combo) => taken.includes(combo))).toEqual([])
})

test('a letter counts by its place on the board, whatever Alt makes of it', () => {
  expect(press({ key: 'π', code: 'KeyP', altKey: true })).toBe('place')
  expect(press({ key: '¡', code: 'Digit1', altKey: true })).toBe('candidate1')
})

test('a plain letter, or one with other modifiers, is not an act', () => {
  expect(press({ key: 'p', code: 'KeyP' })).toBeNull()
  expect(press({ key: 'p', code: 'KeyP', altKey: true, ctrlKey: true })).toBeNull()
  expect(press({ key: 'F9', code: 'F9', shiftKey: true })).toBeNull()
})
