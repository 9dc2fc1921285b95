/** Pure: the server's faults of a form, by field. */
import { ApiError } from '@/lib/api'
import type { Text } from '@/lib/api/types'
import type { Fault } from './model'

const isText = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && 'id' in value && 'en' in value

/** Faults of a refused command; none where it failed for another reason. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return []
  const { faults } = error.details
  if (!Array.isArray(faults)) return namedField(error)
  return faults.flatMap((fault: unknown): Fault[] => {
    if (typeof fault !== 'object' || fault === null || !('message' in fault) || !isText(fault.message)) return []
    const { field, row } = fault as { field?: unknown; row?: unknown }
    return [{ field: typeof field === 'string' ? field : '', message: fault.message, row: typeof row === 'number' ? row : null }]
  })
}

/** An edit that was made on a version that is no longer the newest. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 412 || (error.status === 409 && faultsOf(error).length === 0))
}

/** A problem that names its one field, as the centre's own commands do. */
function namedField(error: ApiError): Fault[] {
  const field = error.text('field')
  return field === null || error.kind !== 'invalid' ? [] : [{ field, message: { id: error.detail, en: error.detail }, row: null }]
}
