import i18next from 'i18next'

export const ROLES = ['call_taker', 'dispatcher', 'responder', 'supervisor', 'officer', 'admin'] as const

/** A role in words; one that this page does not know yet is shown as it is. */
export function roleName(role: string): string {
  const known = ROLES.find((one) => one === role)
  return known === undefined ? role : i18next.t(`role.${known}`)
}
