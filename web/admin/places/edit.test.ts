import { expect, test } from 'vitest'
import { editOf, EMPTY, formatOf, typedOf } from './edit'

const typed = { ...EMPTY, name: ' Masjid Al-Ikhlas ', kind: 'mosque' }

test('a point is read from one box, with comma, semicolon or space', () => {
  for (const point of ['-1.389, 116.614', '-1.389;116.614', '-1.389 116.614']) {
    expect(editOf({ ...typed, point })).toMatchObject({ lat: -1.389, lon: 116.614, name: 'Masjid Al-Ikhlas' })
  }
  expect(editOf(typed)).toMatchObject({ lat: null, lon: null, accuracy_m: null, village_code: null })
})

test('what is no point is not sent', () => {
  for (const point of ['-1.389', 'Waru', '-1.3, 116.6, 7']) expect(editOf({ ...typed, point })).toBeNull()
})

test('variants are lines, each once, and come back as they were', () => {
  const edit = editOf({ ...typed, variants: 'Al Ikhlas\n\nMesjid Waru\nAl Ikhlas ' })
  expect(edit?.variants).toEqual(['Al Ikhlas', 'Mesjid Waru'])
  if (edit === null) return
  const place = { ...edit, id: '1', village: null, kecamatan: null, source: '', uses: 0 }
  expect(editOf(typedOf(place))).toEqual(edit)
})

test('the format is told by the name', () => {
  expect([formatOf('a.csv'), formatOf('a.GeoJSON'), formatOf('a.json')]).toEqual(['csv', 'geojson', 'geojson'])
})
