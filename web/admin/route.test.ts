import { expect, test } from 'vitest'
import { formatRoute, pageRoute, parseRoute, placeOf, type Route } from './route'

const routes: readonly Route[] = [
  { at: 'home' },
  { at: 'waiting' },
  { at: 'modules', name: null },
  { at: 'modules', name: 'puspita' },
  { at: 'people', id: 'u/1' },
  pageRoute('puspita', 'destinations'),
  pageRoute('puspita', 'destinations', { row: 'new' }),
  pageRoute('puspita', 'destinations', { importing: true }),
  pageRoute('puspita', 'destinations', {
    row: 'a b', q: 'pantai & laut', sort: '-name', archived: true, filters: { state: 'open', 'a=b': '100%' },
  }),
]

test.each(routes)('a page is found again by its address: %#', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route)
})

test.each(['', '#', '#/', '#/puspita', '#/%E0%A4%A', '#//x', '#/-/nothing'])('what cannot be read is home: %s', (hash) => {
  expect(parseRoute(hash)).toEqual({ at: 'home' })
})

test('a search beside a form leaves the form where it is, another row does not', () => {
  const form = pageRoute('p', 'r', { row: '1' })
  expect(placeOf({ ...form, q: 'x' })).toBe(placeOf(form))
  expect(placeOf({ ...form, row: '2' })).not.toBe(placeOf(form))
})
