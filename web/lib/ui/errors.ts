/** Failures in the user's words. */
import i18next from 'i18next'
import { ApiError } from '@/lib/api'
import { showToast, type ToastAction } from './toasts'

/** What failed, and what the user can do about it. */
export function errorText(error: unknown): { title: string; message: string } {
  if (!(error instanceof ApiError)) {
    return { title: i18next.t('error.title.error'), message: i18next.t('error.advice.error') }
  }
  return { title: i18next.t(`error.title.${error.kind}`), message: taken(error) ?? advice(error) }
}

function advice(error: ApiError): string {
  const hint =
    error.kind === 'unreachable' || error.kind === 'unavailable' || error.kind === 'error'
      ? i18next.t(`error.advice.${error.kind}`)
      : ''
  return [error.detail, hint].filter((part) => part !== '').join(' ')
}

/** A unit that another dispatcher holds: who, and for which incident. */
function taken(error: ApiError): string | null {
  const callsign = error.text('callsign')
  const number = error.text('holder_incident_number')
  if (error.kind !== 'conflict' || callsign === null || number === null) return null
  const name = error.text('offered_by_name')
  return name === null
    ? i18next.t('error.advice.taken', { callsign, number })
    : i18next.t('error.advice.takenBy', { callsign, number, name })
}

/** A toast that stays long enough to be read during a call. */
export function showError(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  const { title, message } = errorText(error)
  showToast(true, title, message)
}

/** A short word that something worked, where the screen itself does not show it. */
export function showDone(message: string, action?: ToastAction): void {
  showToast(false, '', message, action)
}
