/** Dark or light: the system's wish until the visitor chooses; the choice is a cookie, so that the server draws it at once. */
import type { Scheme } from '@/lib/ui/tokens'

/** Handed to the map, whose code must not load the site's own a second time. */
export interface Theme {
  scheme: () => Scheme
  /** Calls `changed` with each new scheme, whoever caused it. */
  onScheme: (changed: (scheme: Scheme) => void) => void
}

const KEPT_S = 365 * 86_400
const light = window.matchMedia('(prefers-color-scheme: light)')

function scheme(): Scheme {
  const chosen = document.documentElement.dataset['theme']
  if (chosen === 'dark' || chosen === 'light') return chosen
  return light.matches ? 'light' : 'dark'
}

function onScheme(changed: (scheme: Scheme) => void): void {
  const tell = (): void => { changed(scheme()) }
  light.addEventListener('change', tell)
  new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ['data-theme'] })
}

export const theme: Theme = { scheme, onScheme }

export function switchTheme(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-theme-switch]')) {
    button.hidden = false
    button.addEventListener('click', () => {
      const next: Scheme = scheme() === 'dark' ? 'light' : 'dark'
      document.documentElement.dataset['theme'] = next
      const secure = window.location.protocol === 'https:' ? '; secure' : ''
      document.cookie = `siaga_theme=${next}; path=/; max-age=${KEPT_S}; samesite=lax${secure}`
    })
  }
}
