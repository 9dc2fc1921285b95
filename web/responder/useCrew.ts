/** Who the crew is, its unit and its job: live where there is network, else as last seen on this phone. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { ApiError, people } from '@/lib/api'
import type { AssignmentView, IncidentView, UnitView, UserView } from '@/lib/events/generated'
import { live, useLive, type LiveState } from '@/lib/store'

const USER = 'siaga.crew.user'
const LAST = 'siaga.crew.last'

export interface Job {
  unit: UnitView | null
  assignment: AssignmentView | null
  incident: IncidentView | null
}

export interface Crew extends Job {
  user: UserView | null
  /** True once the centre told the present state; else the job is what this phone remembers. */
  loaded: boolean
  /** Assignments of this unit that the phone knows of, ended ones too. */
  assignments: readonly AssignmentView[]
}

const NO_JOB: Job = { unit: null, assignment: null, incident: null }

function recall<T>(name: string): T | null {
  const text = localStorage.getItem(name)
  return text === null ? null : (JSON.parse(text) as T) // written by this page alone
}

/** The session, or without network the one remembered. */
function useUser(): UserView | null {
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => people.session({ signal }) })
  const [remembered] = useState(() => recall<UserView>(USER))
  useEffect(() => {
    if (session.data) localStorage.setItem(USER, JSON.stringify(session.data))
  }, [session.data])
  const offline = session.error instanceof ApiError && session.error.kind !== 'not-signed-in'
  return session.data ?? (offline ? remembered : null)
}

function jobOf(state: LiveState, unitId: string | null): Job {
  const unit = unitId === null ? undefined : state.units[unitId]
  if (!unit) return NO_JOB
  const assignment = unit.assignment_id === null ? null : (state.assignments[unit.assignment_id] ?? null)
  const incident = assignment === null ? null : (state.incidents[assignment.incident_id] ?? null)
  return { unit, assignment, incident }
}

export function useCrew(): Crew {
  const user = useUser()
  const unitId = user?.unit_id ?? null
  useEffect(() => {
    if (unitId !== null) live.start([`unit:${unitId}`])
  }, [unitId])

  const loaded = useLive((state) => state.loaded)
  const now = useLive(useCallback((state: LiveState) => jobOf(state, unitId), [unitId]))
  const all = useLive(useCallback((state: LiveState) => state.assignments, []))
  const assignments = useMemo(() => Object.values(all).filter((one) => one.unit_id === unitId), [all, unitId])
  const [remembered] = useState(() => recall<Job>(LAST) ?? NO_JOB)
  useEffect(() => {
    if (loaded) localStorage.setItem(LAST, JSON.stringify(now))
  }, [loaded, now])

  const job = loaded ? now : remembered.unit?.id === unitId ? remembered : NO_JOB
  return { user, loaded, assignments, ...job }
}
