/** The centre's own recordings (tests/data/replay): what the reducer makes of the events is what the server holds. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Recorded, Snapshot } from '@/lib/events/generated'
import type { ServerMessage } from './messages'
import { apply, EMPTY, type LiveState } from './state'

interface Case {
  topic: string
  snapshot: Snapshot
  events: { t: 'event'; seq: number; event: Recorded }[]
  final: Snapshot
}

const folder = new URL('../../../tests/data/replay/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
const read = (name: string): Case => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case

const welcome = (topic: string): ServerMessage => ({
  t: 'welcome',
  user: { id: '', username: '', display_name: '', roles: [], unit_id: null, extension: null, locale: 'id', demo: true },
  topics: [topic],
  resumed: false,
  at: '2026-11-24T06:00:00Z',
  beat_s: 1,
})

const from = (topic: string, start: Snapshot): LiveState =>
  [welcome(topic), { ...start, t: 'snapshot' as const }].reduce(apply, EMPTY)

/** What a screen shows: `recent` is the client's own memory, and a crew's `seq` stands at the last event it may see. */
const shown = ({ recent: _recent, seq: _seq, ...rest }: LiveState): Omit<LiveState, 'recent' | 'seq'> => rest

describe.each(names)('%s', (name) => {
  const { topic, snapshot: start, events, final } = read(name)

  test('snapshot + events = a fresh snapshot', () => {
    expect(events.length).toBeGreaterThan(5)
    expect(shown(events.reduce(apply, from(topic, start)))).toEqual(shown(from(topic, final)))
  })

  test('a resume that sends events again changes nothing', () => {
    const once = events.reduce(apply, from(topic, start))
    expect(events.reduce(apply, once)).toEqual(once)
  })
})

test('there are cases for the centre and for a crew', () => {
  expect(new Set(names.map((name) => name.split('.').at(-2)))).toEqual(new Set(['ops', 'crew']))
})
