import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const here = new URL('./', import.meta.url)

interface Tree {
  [key: string]: string | Tree
}

function leaves(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of leaves(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

function texts(language: string, file: string): Map<string, string> {
  return leaves(JSON.parse(readFileSync(new URL(`${language}/${file}`, here), 'utf8')) as Tree)
}

const slots = (text: string): string[] => (text.match(/\{\{[^}]+\}\}/g) ?? []).sort()
/** English has a plural, Indonesian none: `x_one` and `x_other` stand for one text. */
const base = (key: string): string => key.replace(/_(one|other)$/, '')
const files = readdirSync(new URL('id/', here))

describe.each(files)('texts in %s', (file) => {
  test('exist in both languages', () => {
    const keys = (language: string): string[] => [...new Set([...texts(language, file).keys()].map(base))].sort()
    expect(keys('en')).toEqual(keys('id'))
  })

  test('name the same values in both languages', () => {
    const english = texts('en', file)
    for (const [key, text] of texts('id', file)) {
      const other = english.get(key) ?? english.get(`${base(key)}_other`)
      expect({ key, slots: slots(other ?? '') }).toEqual({ key, slots: slots(text) })
    }
  })

  test('are never empty', () => {
    for (const language of ['id', 'en']) {
      for (const [key, text] of texts(language, file)) expect({ key, empty: text.trim() === '' }).toEqual({ key, empty: false })
    }
  })
})

test('no language has a file that the other lacks', () => {
  expect(readdirSync(new URL('en/', here)).sort()).toEqual([...files].sort())
})
