/** Short messages at the foot of the screen; what failed stays long enough to be read during a call. */
import { Button, CloseButton, Portal } from '@mantine/core'
import { useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ShapeMark } from './marks'
import styles from './toasts.module.css'

interface Toast {
  readonly id: number
  readonly failed: boolean
  readonly title: string
  readonly message: string
  readonly action: ToastAction | null
}

/** What can be done about it at once, e.g. undo it. */
export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

const FAILED_MS = 8_000
const DONE_MS = 2_500
/** Long enough to see a mistake and take it back. */
const UNDO_MS = 10_000
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
export function showToast(failed: boolean, title: string, message: string, action: ToastAction | null = null): void {
  count += 1
  const id = count
  const others = toasts.filter((toast) => toast.title !== title || toast.message !== message)
  set([...others, { id, failed, title, message, action }].slice(-MOST))
  setTimeout(() => hide(id), action !== null ? UNDO_MS : failed ? FAILED_MS : DONE_MS)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function ActionButton({ toast: { id, action } }: { toast: Toast }): ReactNode {
  if (action === null) return null
  const press = (): void => {
    hide(id)
    action.run()
  }
  return (
    <Button variant="default" onClick={press}>
      {action.label}
    </Button>
  )
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
            <ActionButton toast={toast} />
            <CloseButton size="sm" aria-label={t('close')} onClick={() => hide(toast.id)} />
          </div>
        ))}
      </div>
    </Portal>
  )
}
