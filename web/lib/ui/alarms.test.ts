import i18next from 'i18next'
import { describe, expect, test } from 'vitest'
import type { AlarmKind } from '@/lib/events/generated'
import en from '@/lib/i18n/en/common.json'
import id from '@/lib/i18n/id/common.json'
import { alarm, assignment, call, incident, snapshot, unit } from '@/lib/store/fixtures'
import { apply, EMPTY } from '@/lib/store/state'
import { alarmText } from './alarms'

const texts = i18next.createInstance()
await texts.init({ resources: { id: { common: id }, en: { common: en } }, defaultNS: 'common', interpolation: { escapeValue: false } })
const say = { id: texts.getFixedT('id'), en: texts.getFixedT('en') }

const known = apply(
  EMPTY,
  snapshot(1, {
    incidents: [incident('i1', { number: '2026-000007', opened_at: '2026-11-24T06:03:00Z' })],
    units: [unit('u1', { callsign: 'Damkar Petung 1' })],
    assignments: [assignment('a1', 'i1', { unit_id: 'u1', state: 'declined', end_reason: 'ban bocor' })],
    calls: [call('c1', { ani: '+6281250001234', arrived_at: '2026-11-24T06:05:00Z' })],
  }),
)
const about = { incident_id: 'i1', assignment_id: 'a1', unit_id: 'u1', call_id: 'c1', detail: "the server's own words" }

describe('an alarm', () => {
  test.each<[AlarmKind, string]>([
    ['offer_declined', 'Damkar Petung 1 menolak 2026-000007: ban bocor'],
    ['offer_expired', 'Damkar Petung 1 tidak menjawab tawaran 2026-000007'],
    ['no_unit_left', 'Tidak ada lagi unit yang dapat ditawari 2026-000007'],
    ['incident_undispatched', '2026-000007 belum mendapat unit, dilaporkan 14:03'],
    ['call_unanswered', '+62 812-5000-1234 menunggu sejak 14:05'],
    ['plan_short', '2026-000007 masih kekurangan unit, tidak ada lagi yang dapat dikirim'],
  ])('%s speaks the language of the screen', (kind, sentence) => {
    const raised = alarm('x', { ...about, kind })
    expect(alarmText(raised, known, say.id)).toBe(sentence)
    expect(alarmText(raised, known, say.en)).not.toBe(sentence)
    expect(alarmText(raised, known, say.en)).not.toBe(about.detail)
  })

  test('says what the server said where the page knows too little', () => {
    expect(alarmText(alarm('x', { ...about, kind: 'offer_declined', assignment_id: 'gone' }), known, say.id)).toBe(about.detail)
    expect(alarmText(alarm('x', { ...about, kind: 'no_unit_left' }), EMPTY, say.id)).toBe(about.detail)
  })
})
