/** What this device keeps so that the face opens without a connection: who works here, the pages, the sheets' rows. */
import type { UserView } from '@/lib/events/generated'

const PREFIX = 'siaga.admin.'
const USER = `${PREFIX}user`

/** The worker keeps the page's own files for a start without network; a dev server has none. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  void navigator.serviceWorker.register('/admin/sw.js', { scope: '/admin/' })
}

export function readKept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined // written by another version, or storage is refused
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // A full or refused storage costs the start without network, nothing else.
  }
}

/** Keeps who works here; what belonged to somebody else goes, but for sheets that still wait to be sent. */
export function keepUser(user: UserView): void {
  const before = readKept<UserView>('user')
  if (before !== undefined && before.id !== user.id) forget()
  keep('user', user)
}

export function forget(): void {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}waiting`))
  for (const name of names) localStorage.removeItem(name)
}

export const keptUser = (): UserView | undefined => (localStorage.getItem(USER) === null ? undefined : readKept<UserView>('user'))
