/** Web push: an offer reaches the phone while the page sleeps. */
import { push } from '@/lib/api'

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

/** The worker keeps the shell for a start without network and shows pushes; a dev server has none. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  void navigator.serviceWorker.register('/responder/sw.js', { scope: '/responder/' })
}

/** Asks for leave and subscribes; must follow a touch. False where push is not possible or not allowed. */
export async function enablePush(): Promise<boolean> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || !('PushManager' in window)) return false
  const { key } = await push.key()
  if (key === null || (await Notification.requestPermission()) !== 'granted') return false
  const { pushManager } = await navigator.serviceWorker.ready
  const held = await pushManager.getSubscription()
  const subscription = held ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }))
  await push.subscribe(subscription.toJSON())
  return true
}
