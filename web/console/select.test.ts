import { describe, expect, test } from 'vitest'
import type { AgentView, UserView } from '@/lib/events/generated'
import { call, snapshot, unit } from '@/lib/store/fixtures'
import { apply, EMPTY } from '@/lib/store/state'
import { byAgency, ownCall, ringingAt, seatOf } from './select'

const stateOf = (held: Parameters<typeof snapshot>[1]): typeof EMPTY => apply(EMPTY, snapshot(1, held))
const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id)

const user: UserView = {
  id: 'u1', username: 'sari', display_name: 'Sari', roles: ['call_taker'], unit_id: null, extension: '101',
  locale: 'id', demo: false,
}
const agent = (extension: string, user_id: string | null): AgentView => ({
  pbx: 'main', agent: extension, name: null, queues: [], paused: false, pause_reason: null, device: 'idle',
  user_id, user_name: null, changed_at: '2026-11-24T06:00:00Z', paused_at: null,
})

describe('own call', () => {
  const calls = stateOf({
    calls: [
      call('wrap', { state: 'wrap_up', agent: '101' }),
      call('ring', { state: 'ringing', agent: '101' }),
      call('other', { state: 'answered', agent: '102' }),
    ],
  }).calls

  test('is the one to be wrapped up while another rings, and both are known', () => {
    expect(ownCall(calls, '101')?.id).toBe('wrap')
    expect(ringingAt(calls, '101')?.id).toBe('ring')
  })

  test('is nothing without a desk', () => {
    expect(ownCall(calls, null)).toBeNull()
    expect(ringingAt(calls, null)).toBeNull()
  })
})

describe('seat', () => {
  const agents = (...all: AgentView[]): typeof EMPTY.agents => stateOf({ agents: all }).agents

  test('is what the centre says now', () => {
    expect(seatOf(user, agents(agent('101', null), agent('103', 'u1')))).toBe('103')
  })
  test('is lost when somebody else sat down there', () => {
    expect(seatOf(user, agents(agent('101', 'u2')))).toBeNull()
  })
  test('is the remembered desk while the PBX has named none', () => {
    expect(seatOf(user, agents())).toBe('101')
  })
})

test('the unit board hides units off duty unless everyone is asked for', () => {
  const all = [unit('a', { state: 'off_duty' }), unit('b'), unit('c', { agency: 'Polres' })]
  expect(byAgency(all, false).map(([name, list]) => [name, ids(list)])).toEqual([
    ['Damkar', ['b']],
    ['Polres', ['c']],
  ])
  expect(byAgency(all, true)[0]?.[1]).toHaveLength(2)
})
