import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Sender } from './sender'

const AN_HOUR_AGO = Date.parse('2026-11-24T05:00:00Z')

let sent: { path: string; body: unknown }[] = []
let online = false

beforeEach(() => {
  const kept = new Map<string, string>()
  sent = []
  online = false
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('navigator', { get onLine() { return online } })
  vi.stubGlobal('fetch', (path: string, init: { body: string }) => {
    sent.push({ path, body: JSON.parse(init.body) })
    return Promise.resolve(new Response('{}', { headers: { 'Content-Type': 'application/json' } }))
  })
})

afterEach(() => { vi.unstubAllGlobals() })

test('a status that was pressed without network says when, after a reload too', async () => {
  const before = new Sender()
  before.start()
  before.send({ kind: 'assignment', id: 'a1', act: 'arrive' }, AN_HOUR_AGO)
  expect(sent).toEqual([])

  online = true
  const after = new Sender()
  after.start()
  await vi.waitFor(() => { expect(after.get().waiting).toEqual([]) })
  expect(sent).toEqual([{ path: '/api/assignments/a1/acts', body: { act: 'arrive', at: '2026-11-24T05:00:00.000Z' } }])
})
