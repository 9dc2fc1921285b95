/** Short messages at the foot of the screen; what failed stays long enough to be read during a call. */
import { CloseButton, Portal } from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ShapeMark } from './marks'
import styles from './toasts.module.css'

interface Toast {
  readonly id: number
  readonly failed: boolean
  readonly title: string
  readonly message: string
}

const FAILED_MS = 8_000
const DONE_MS = 2_500
/** More at once would hide the work below. */
const MOST = 3

let toasts: readonly Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const hide = (id: number): void => set(toasts.filter((toast) => toast.id !== id))

/** Shows a message; the same one again only starts its time anew. */
export function showToast(failed: boolean, title: string, message: string): void {
  count += 1
  const id = count
  const others = toasts.filter((toast) => toast.title !== title || toast.message !== message)
  set([...others, { id, failed, title, message }].slice(-MOST))
  setTimeout(() => hide(id), failed ? FAILED_MS : DONE_MS)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts(): ReactNode {
  const { t } = useTranslation()
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <Portal>
      <div className={styles.toasts}>
        {shown.map((toast) => (
          <div key={toast.id} className={styles.toast} data-failed={toast.failed} role={toast.failed ? 'alert' : 'status'}>
            <ShapeMark shape={toast.failed ? 'triangle' : 'circle'} hue={toast.failed ? 'critical' : 'ready'} />
            <div className={styles.text}>
              {toast.title !== '' && <b>{toast.title}</b>}
              {toast.message !== '' && <p>{toast.message}</p>}
            </div>
            <CloseButton size="sm" aria-label={t('close')} onClick={() => hide(toast.id)} />
          </div>
        ))}
      </div>
    </Portal>
  )
}
