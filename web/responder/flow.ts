/** Pure: what a crew can report next. The centre's rules decide; these are the buttons for them. */
import type { AssignmentAct } from '@/lib/api'
import type { AssignmentState, AssignmentView } from '@/lib/events/generated'

/** What a crew may report on its own phone. */
export type CrewAct = Exclude<AssignmentAct, 'withdraw' | 'cancel'>

const NEXT: Readonly<Partial<Record<AssignmentState, Readonly<Partial<Record<CrewAct, AssignmentState>>>>>> = {
  offered: { accept: 'accepted', decline: 'declined' },
  accepted: { depart: 'en_route' },
  en_route: { arrive: 'on_scene' },
  on_scene: { clear: 'cleared', transport: 'transporting' },
  transporting: { reach_facility: 'at_facility' },
  at_facility: { clear: 'cleared' },
}

/** The state after the act; null when it cannot be reported now. */
export function after(state: AssignmentState, act: CrewAct): AssignmentState | null {
  return NEXT[state]?.[act] ?? null
}

export interface NextActs {
  /** The one big button. */
  main: CrewAct | null
  /** A smaller one beside it: what happens less often from here. */
  other: CrewAct | null
}

/**
 * The big button and the lesser one. Only a unit that carries patients is asked about transport, and from the scene
 * that is then its big one.
 */
export function nextActs(state: AssignmentState, carriesPatients: boolean): NextActs {
  switch (state) {
    case 'accepted':
      return { main: 'depart', other: null }
    case 'en_route':
      return { main: 'arrive', other: null }
    case 'on_scene':
      return carriesPatients ? { main: 'transport', other: 'clear' } : { main: 'clear', other: null }
    case 'transporting':
      return { main: 'reach_facility', other: null }
    case 'at_facility':
      return { main: 'clear', other: null }
    default:
      return { main: null, other: null }
  }
}

/** The state as it will be once the acts that still wait for the network have arrived. */
export function predicted(state: AssignmentState, waiting: readonly CrewAct[]): AssignmentState {
  return waiting.reduce((at, act) => after(at, act) ?? at, state)
}

/**
 * The newer of what the live connection told of an assignment and of what the centre answered to the phone's own command:
 * the answer comes first, and the screen must not step back until the event is there.
 */
export function newer(told: AssignmentView, answered: AssignmentView | null): AssignmentView {
  return answered !== null && answered.id === told.id && answered.version > told.version ? answered : told
}

/** Steps of the way for the progress line; a unit without patients has four. */
export function steps(carriesPatients: boolean): readonly AssignmentState[] {
  return carriesPatients
    ? ['accepted', 'en_route', 'on_scene', 'transporting', 'at_facility']
    : ['accepted', 'en_route', 'on_scene']
}

const WORKING: ReadonlySet<AssignmentState> = new Set<AssignmentState>([
  'accepted',
  'en_route',
  'on_scene',
  'transporting',
  'at_facility',
])

export const isWorking = (state: AssignmentState): boolean => WORKING.has(state)

/** The share of an offer's time that is left, 1 → 0, and the whole seconds; never below zero. */
export function countdown(offeredAt: string, expiresAt: string, nowMs: number): { share: number; seconds: number } {
  const end = Date.parse(expiresAt)
  const total = Math.max(1, end - Date.parse(offeredAt))
  const left = Math.max(0, end - nowMs)
  return { share: Math.min(1, left / total), seconds: Math.ceil(left / 1000) }
}
