import { describe, expect, test } from 'vitest'
import { EMPTY_OUTBOX, MOST_WAITING, parseOutbox, put, retryAfterMs, settle, waitingActs, type CommandBody, type Waiting } from './outbox'

const act = (key: string, name: 'depart' | 'arrive' | 'clear', id = 'a1'): Waiting => ({
  key,
  at: 0,
  body: { kind: 'assignment', id, act: name },
})
const note = (key: string): Waiting => ({ key, at: 0, body: { kind: 'note', id: 'i1', text: 'jalan tertutup' } })
const keys = (box: { waiting: readonly Waiting[] }): string[] => box.waiting.map(({ key }) => key)
const filled = (...items: Waiting[]) => items.reduce(put, EMPTY_OUTBOX)

describe('the outbox', () => {
  test('keeps the order in which the crew pressed', () => {
    expect(keys(filled(act('1', 'depart'), note('2'), act('3', 'arrive')))).toEqual(['1', '2', '3'])
  })

  test('takes a command once, however often it is put', () => {
    expect(keys(filled(act('1', 'depart'), act('1', 'depart')))).toEqual(['1'])
  })

  test('keeps key and place of a command that got no answer', () => {
    const box = settle(filled(act('1', 'depart'), act('2', 'arrive')), '1', 'later')
    expect(keys(box)).toEqual(['1', '2'])
  })

  test('lets a command go once the centre has it', () => {
    expect(keys(settle(filled(act('1', 'depart'), act('2', 'arrive')), '1', 'done'))).toEqual(['2'])
  })

  test('drops what built on a refused status, but no note and no other assignment', () => {
    const box = filled(act('1', 'depart'), note('2'), act('3', 'arrive'), act('4', 'depart', 'a2'))
    expect(keys(settle(box, '1', 'refused'))).toEqual(['2', '4'])
  })

  test('ignores an answer to a command that it no longer holds', () => {
    const box = filled(act('1', 'depart'))
    expect(settle(box, 'other', 'done')).toBe(box)
  })

  test('waits longer after each failure, and at most fifteen seconds', () => {
    let box = filled(act('1', 'depart'))
    const pauses = [retryAfterMs(box)]
    for (let i = 0; i < 6; i++) {
      box = settle(box, '1', 'later')
      pauses.push(retryAfterMs(box))
    }
    expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 15000, 15000])
    expect(retryAfterMs(settle(box, '1', 'done'))).toBe(0)
  })

  test('is bounded', () => {
    const box = filled(...Array.from({ length: MOST_WAITING + 5 }, (_, i) => note(String(i))))
    expect(box.waiting).toHaveLength(MOST_WAITING)
  })

  test('knows which statuses of an assignment still wait', () => {
    expect(waitingActs(filled(act('1', 'depart'), act('2', 'arrive'), act('3', 'clear', 'a2')), 'a1')).toEqual(['depart', 'arrive'])
  })
})

describe('an outbox read from the phone', () => {
  test('is what was written', () => {
    const box = filled(act('1', 'depart'), note('2'))
    expect(parseOutbox(JSON.stringify(box.waiting))).toEqual(box)
  })

  const bad: CommandBody | object = { kind: 'format_disk', id: 'x' }
  test.each([null, '', '{', '{}', '[1]', '[{"key":1}]', JSON.stringify([{ key: '1', at: 0, body: bad }])])(
    'is empty when it cannot be read: %s',
    (text) => {
      expect(parseOutbox(text)).toEqual(EMPTY_OUTBOX)
    },
  )
})
