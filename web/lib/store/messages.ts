/** What the server sends on the WebSocket; field `t` names the kind. */
import type { Recorded, Snapshot, UnitPosition, UserView } from '@/lib/events/generated'

/** A part of the system whose absence the user must know of: `pbx:main`, `database`, `bus`. */
export interface Part {
  part: string
  ok: boolean
  since: string
  detail: string
}

export type ServerMessage =
  | { t: 'welcome'; user: UserView; topics: string[]; resumed: boolean; at: string; beat_s: number }
  | ({ t: 'snapshot' } & Snapshot)
  | { t: 'event'; seq: number; event: Recorded }
  | { t: 'positions'; at: string; items: UnitPosition[] }
  | { t: 'health'; at: string; parts: Part[] }
  | { t: 'beat'; seq: number; at: string }
  | { t: 'error'; detail: string; field: string | null }
