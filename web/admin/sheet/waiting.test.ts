import { describe, expect, test } from 'vitest'
import { drop, MOST_WAITING, nextOf, parseWaiting, put, retryAfterMs, settle, type WaitingSheet } from './waiting'

const sheet = (key: string, more: Partial<WaitingSheet> = {}): WaitingSheet => ({
  key, user: 'u1', plugin: 'siharpa', sheet: 'prices', label: { id: 'Harga', en: 'Prices' }, about: 'Pasar Petung',
  body: { head: {}, entries: { rice: '14000' }, confirmed: [] }, at: 1, state: 'waiting', said: '', jumps: [], ...more,
})

describe('sheets that wait', () => {
  test('are sent oldest first, each person their own', () => {
    const sheets = [sheet('a', { user: 'u2' }), sheet('b', { state: 'stopped' }), sheet('c'), sheet('d')]
    expect(nextOf(sheets, 'u1')?.key).toBe('c')
    expect(nextOf(sheets, 'u2')?.key).toBe('a')
    expect(nextOf(sheets, null)).toBeNull()
  })

  test('a sheet that is put again takes its own place, so that it is not doubled', () => {
    const again = put([sheet('a'), sheet('b')], sheet('a', { at: 2 }))
    expect(again?.map(({ key }) => key)).toEqual(['b', 'a'])
  })

  test('a full device refuses the newest instead of losing the oldest', () => {
    const full = Array.from({ length: MOST_WAITING }, (_, n) => sheet(String(n)))
    expect(put(full, sheet('new'))).toBeNull()
    expect(put(full, sheet('0'))).not.toBeNull()
  })

  test('no answer keeps it, an answer takes it away, a refusal stops it with the reason', () => {
    const sheets = [sheet('a'), sheet('b')]
    expect(settle(sheets, 'a', { kind: 'later' })).toEqual(sheets)
    expect(settle(sheets, 'a', { kind: 'done' }).map(({ key }) => key)).toEqual(['b'])
    const stopped = settle(sheets, 'a', { kind: 'stopped', said: 'Pasar tutup', jumps: ['rice'] })
    expect(stopped[0]).toMatchObject({ state: 'stopped', said: 'Pasar tutup', jumps: ['rice'] })
    expect(nextOf(stopped, 'u1')?.key).toBe('b')
  })

  test('one that somebody takes back is gone', () => {
    expect(drop([sheet('a')], 'a')).toEqual([])
  })
})

test('tries come slower while nobody answers, but never slower than a minute', () => {
  expect([0, 1, 2, 3, 20].map(retryAfterMs)).toEqual([0, 2_000, 4_000, 8_000, 60_000])
})

test('what the device kept is read back; what cannot be read costs only itself', () => {
  expect(parseWaiting(JSON.stringify([sheet('a'), { key: 'broken' }, 7]))).toEqual([sheet('a')])
  expect(parseWaiting(null)).toEqual([])
  expect(parseWaiting('{')).toEqual([])
  expect(parseWaiting('{}')).toEqual([])
})
