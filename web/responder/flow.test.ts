import { describe, expect, test } from 'vitest'
import type { AssignmentState, AssignmentView } from '@/lib/events/generated'
import { after, countdown, newer, nextActs, predicted, steps } from './flow'

describe('the next status', () => {
  test('leads a fire engine from the offer to the end in one line', () => {
    let state: AssignmentState = 'accepted'
    const way: AssignmentState[] = [state]
    for (;;) {
      const { main } = nextActs(state, false)
      if (main === null) break
      state = after(state, main) ?? state
      way.push(state)
    }
    expect(way).toEqual([...steps(false), 'cleared'])
  })

  test('leads an ambulance through the hospital, and lets it clear on scene when there is no patient', () => {
    let state: AssignmentState = 'accepted'
    const way: AssignmentState[] = [state]
    for (;;) {
      const { main } = nextActs(state, true)
      if (main === null) break
      state = after(state, main) ?? state
      way.push(state)
    }
    expect(way).toEqual([...steps(true), 'cleared'])
    expect(nextActs('on_scene', true).other).toBe('clear')
  })

  test.each(['declined', 'expired', 'withdrawn', 'cancelled', 'diverted', 'cleared', 'offered'] as const)(
    'offers no big button when the assignment is %s',
    (state) => {
      expect(nextActs(state, true)).toEqual({ main: null, other: null })
    },
  )

  test('cannot skip a step', () => {
    expect(after('accepted', 'arrive')).toBeNull()
    expect(after('cleared', 'depart')).toBeNull()
  })

  test('counts what still waits for the network', () => {
    expect(predicted('accepted', ['depart', 'arrive'])).toBe('on_scene')
    expect(predicted('accepted', [])).toBe('accepted')
  })

  test('is not misled by a waiting act that the centre has already seen', () => {
    expect(predicted('en_route', ['depart', 'arrive'])).toBe('on_scene')
  })
})

describe('the countdown of an offer', () => {
  const offered = '2026-11-24T06:00:00Z'
  const expires = '2026-11-24T06:01:00Z'
  const at = (s: number) => countdown(offered, expires, Date.parse(offered) + s * 1000)

  test('runs from full to nothing', () => {
    expect(at(0)).toEqual({ share: 1, seconds: 60 })
    expect(at(45)).toEqual({ share: 0.25, seconds: 15 })
    expect(at(60)).toEqual({ share: 0, seconds: 0 })
  })

  test('never goes below zero, nor above the whole on a phone whose clock is behind', () => {
    expect(at(90)).toEqual({ share: 0, seconds: 0 })
    expect(at(-5).share).toBe(1)
  })

  test('shows a begun second as a second', () => {
    expect(at(59.2).seconds).toBe(1)
  })
})

describe('what is newer', () => {
  const told = { id: 'a', state: 'offered', version: 1 } as AssignmentView

  test('is the answer until the event has come, so that an accepted offer does not ring again', () => {
    const answered: AssignmentView = { ...told, state: 'accepted', version: 2 }
    expect(newer(told, answered).state).toBe('accepted')
    expect(newer({ ...told, state: 'cancelled', version: 3 }, answered).state).toBe('cancelled')
  })

  test('is what was told when nothing was answered, or something about another job', () => {
    expect(newer(told, null)).toBe(told)
    expect(newer(told, { ...told, id: 'b', state: 'cleared', version: 9 })).toBe(told)
  })
})
