/** What every part of the console shares: who sits where, and which incident is looked at. */
import { createContext, useContext } from 'react'
import type { MapFocus } from '@/lib/map'
import type { IncidentView, Point, UserView } from '@/lib/events/generated'

export interface Desk {
  user: UserView
  /** Extension of the user's desk; null while standing. */
  seat: string | null
  selectedId: string | null
  select: (incident: Pick<IncidentView, 'id' | 'place'> | null) => void
  /** Moves the map there. */
  lookAt: (point: Point | null) => void
  focus: MapFocus | null
  /** Display names of the centre's people by user id. */
  nameOf: (userId: string | null) => string | null
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('useDesk outside of the console')
  return desk
}
