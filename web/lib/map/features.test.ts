import { describe, expect, test } from 'vitest'
import { assignment, incident, unit } from '@/lib/store/fixtures'
import { assignmentLines, draftFeatures, incidentFeatures, shortNumber, standingOf, unitFeatures, extraFeatures } from './features'
import { boxAround, circleAround, distanceM } from './geo'
import { glyphOf } from './glyphs'

const AT = '2026-11-24T06:00:00Z'
const NOW = Date.parse(AT)
const place = (lat: number, lon: number) => ({ ...incident('x').place, point: { lat, lon } })
const seen = (unit_id: string, lat: number, lon: number, at = AT) => ({
  unit_id,
  point: { lat, lon },
  at,
  accuracy_m: null,
  speed_kmh: 40,
  heading: 90,
})
const nothingLive = { positions: {}, assignments: {} }

describe('incidents on the map', () => {
  test('stand at longitude, latitude with the shape of their priority', () => {
    const { features } = incidentFeatures([incident('1', { number: '2026-000123', priority: 'P2', place: place(-1.3, 116.7) })], null)
    expect(features[0]?.geometry.coordinates).toEqual([116.7, -1.3])
    expect(features[0]?.properties).toMatchObject({ icon: 'incident-P2', label: '123', selected: false })
  })

  test('are left out while nobody knows where they are', () => {
    const nowhere = incident('1', { place: { ...incident('1').place, point: null } })
    expect(incidentFeatures([nowhere], null).features).toEqual([])
  })

  test('are drawn over others when graver, and over all when selected', () => {
    const of = (id: string, priority: 'P1' | 'P5') => incident(id, { priority, place: place(0, 0) })
    const [grave, light] = incidentFeatures([of('a', 'P1'), of('b', 'P5')], null).features
    const [, chosen] = incidentFeatures([of('a', 'P1'), of('b', 'P5')], 'b').features
    expect(grave?.properties.order).toBeGreaterThan(light?.properties.order ?? 0)
    expect(chosen?.properties.order).toBeGreaterThan(grave?.properties.order ?? 0)
  })

  test.each([['2026-000123', '123'], ['2026-000000', '0'], ['17', '17']])('show %s as #%s', (number, short) => {
    expect(shortNumber(number)).toBe(short)
  })
})

describe('units on the map', () => {
  test('stand where the live position says, not where their view was', () => {
    const old = unit('u', { position: seen('u', -1, 116) })
    const { features } = unitFeatures([old], { positions: { u: seen('u', -1.2, 116.5) }, assignments: {} }, null, NOW)
    expect(features[0]?.geometry.coordinates).toEqual([116.5, -1.2])
  })

  test('fade once their position is older than two minutes', () => {
    const one = unit('u', { position: seen('u', -1, 116) })
    const staleAfter = (ms: number) => unitFeatures([one], nothingLive, null, NOW + ms).features[0]?.properties.stale
    expect(staleAfter(120_000)).toBe(false)
    expect(staleAfter(120_001)).toBe(true)
  })

  test('show no heading while they stand', () => {
    const still = unit('u', { position: { ...seen('u', -1, 116), speed_kmh: 1 } })
    expect(unitFeatures([still], nothingLive, null, NOW).features[0]?.properties.moving).toBe(false)
  })

  test('say how far a committed unit has come', () => {
    const committed = unit('u', { state: 'committed' })
    expect(standingOf(committed, 'offered')).toBe('offered')
    expect(standingOf(committed, 'en_route')).toBe('moving')
    expect(standingOf(committed, 'on_scene')).toBe('on_scene')
    expect(standingOf(committed, 'transporting')).toBe('carrying')
    expect(standingOf(committed, null)).toBe('moving')
    expect(standingOf(unit('u', { state: 'out_of_service' }), null)).toBe('out_of_service')
  })

  test('have the picture of what they can do', () => {
    expect(glyphOf({ capabilities: ['rescue', 'fire_suppression'] })).toBe('fire')
    expect(glyphOf({ capabilities: ['water_rescue', 'rescue'] })).toBe('boat')
    expect(glyphOf({ capabilities: [] })).toBe('vehicle')
  })

  test('are joined by a line to their incident', () => {
    const held = assignment('a', 'i', { unit_id: 'u' })
    const one = unit('u', { incident_id: 'i', assignment_id: held.id, position: seen('u', -1, 116) })
    const there = incident('i', { priority: 'P1', place: place(-1.3, 116.7) })
    const { features } = assignmentLines([one], [there], nothingLive, 'i')
    expect(features[0]?.geometry.coordinates).toEqual([[116, -1], [116.7, -1.3]])
    expect(features[0]?.properties).toEqual({ priority: 'P1', selected: true })
    expect(assignmentLines([one], [], nothingLive, null).features).toEqual([])
  })
})

describe('geometry', () => {
  test('a draft has a circle only where its accuracy is known', () => {
    const point = { lat: -1.3, lon: 116.7 }
    expect(draftFeatures({ point, accuracyM: null }).features).toHaveLength(1)
    expect(draftFeatures({ point, accuracyM: 500 }).features).toHaveLength(2)
    expect(draftFeatures(null).features).toEqual([])
  })

  test('every corner of a circle is its radius away, and the ring is closed', () => {
    const centre = { lat: -1.3, lon: 116.7 }
    const ring = circleAround(centre, 1000).geometry.coordinates[0] ?? []
    for (const [lon = 0, lat = 0] of ring) expect(distanceM(centre, { lat, lon })).toBeCloseTo(1000, -1)
    expect(ring[0]).toEqual(ring.at(-1))
  })

  test('a degree along the equator is 111.2 km', () => {
    expect(distanceM({ lat: 0, lon: 116 }, { lat: 0, lon: 117 })).toBeCloseTo(111_195, -1)
  })

  test('a box holds all its points', () => {
    expect(boxAround([{ lat: -1, lon: 116 }, { lat: -2, lon: 117 }, { lat: -1.5, lon: 115 }])).toEqual({
      west: 115,
      south: -2,
      east: 117,
      north: -1,
    })
    expect(boxAround([])).toBeNull()
  })
})

test('a mark of a layer gets the shape of its tone', () => {
  const mark = { type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [116.7, -1.3] as [number, number] }, properties: { title: 'Pantai', text: '', link: null, tone: 'warn' as const } }
  expect(extraFeatures([mark]).features[0]).toMatchObject({ geometry: mark.geometry, properties: { title: 'Pantai', icon: 'extra-warn' } })
})
