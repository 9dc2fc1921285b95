/** Pure: which face a user goes to after signing in. */
import type { Face } from '@/lib/api'
import type { Role } from '@/lib/events/generated'

/** The face of a role; of several roles the first in this order counts. */
const FACE_OF_ROLE: readonly (readonly [Role, Face])[] = [
  ['dispatcher', 'console'],
  ['call_taker', 'console'],
  ['supervisor', 'supervisor'],
  ['responder', 'responder'],
  ['officer', 'admin'],
  ['admin', 'admin'],
]

/** Faces that a role may open beside its own. */
const OPEN_TO: Readonly<Record<Face, readonly Role[]>> = {
  console: ['call_taker', 'dispatcher', 'supervisor'],
  supervisor: ['call_taker', 'dispatcher', 'supervisor', 'admin'],
  responder: ['responder'],
  admin: ['call_taker', 'dispatcher', 'responder', 'supervisor', 'officer', 'admin'],
}

export function faceOf(roles: readonly Role[]): Face | null {
  return FACE_OF_ROLE.find(([role]) => roles.includes(role))?.[1] ?? null
}

const isFace = (name: string | undefined): name is Face => name !== undefined && Object.hasOwn(OPEN_TO, name)

/**
 * Where to go: the page that asked for the sign-in when the user may open it, else the face of the role.
 * `next` comes from the address, so anybody may have written it: only a path of ours is followed.
 */
export function destination(roles: readonly Role[], next: string | null): string | null {
  const wanted = next?.match(/^\/([a-z]+)\/(?:[?#].*)?$/)?.[1]
  if (next !== null && isFace(wanted) && OPEN_TO[wanted].some((role) => roles.includes(role))) return next
  const face = faceOf(roles)
  return face === null ? null : `/${face}/`
}
