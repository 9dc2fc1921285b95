/** The public pages' colours are the faces' own, and what the server's words promise the script keeps. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { HUES, type Scheme } from '@/lib/ui/tokens'
import { surfaces } from '@/lib/ui/theme'
import { byDistance } from './near'

const css = readFileSync(new URL('./look.css', import.meta.url), 'utf8')

/** The custom properties of the rule that begins with `selector`. */
function properties(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const rule = css.slice(start, css.indexOf('}', start))
  return new Map([...rule.matchAll(/(--sg-[a-z-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? '', found[2] ?? '']))
}

const expected = (scheme: Scheme): Map<string, string> => {
  const hues = Object.entries(HUES).map(([name, value]): [string, string] => [`--sg-${name}`, value[scheme]])
  return new Map([...Object.entries(surfaces[scheme]), ...hues])
}

describe('colours', () => {
  test.each<[string, Scheme]>([
    [':root', 'dark'],
    [":root[data-theme='light']", 'light'],
    [':root:not([data-theme])', 'light'],
  ])('%s has the theme’s own', (selector, scheme) => {
    const found = properties(selector)
    expect(found.size).toBeGreaterThan(12)
    for (const [name, colour] of found) expect([name, colour]).toEqual([name, expected(scheme).get(name)])
  })
})

describe('near me', () => {
  const from = { lat: -1.3, lon: 116.7 }

  test('sorts by distance and keeps what has no place at the end', () => {
    const items = [
      { item: 'unknown', point: null },
      { item: 'far', point: { lat: -1.0, lon: 116.7 } },
      { item: 'near', point: { lat: -1.31, lon: 116.7 } },
      { item: 'unknown too', point: null },
    ]
    const sorted = byDistance(items, from)
    expect(sorted.map(({ item }) => item)).toEqual(['near', 'far', 'unknown', 'unknown too'])
    expect(sorted[0]?.metres).toBeCloseTo(1112, -1)
  })
})
