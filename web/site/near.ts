/** What is nearest: sorts a list by distance, and fills a place box with where the visitor stands. Asked for, never taken. */
import { distanceM } from '@/lib/map/geo'
import type { Point } from '@/lib/events/generated'

const PATIENCE_MS = 15_000

function here(): Promise<Point> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { resolve({ lat: coords.latitude, lon: coords.longitude }) },
      reject,
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    )
  })
}

const hasLocation = (): boolean => 'geolocation' in navigator && window.isSecureContext

export interface Placed<T> {
  item: T
  point: Point | null
}

/** By distance from `from`; what has no place comes last, in its old order. */
export function byDistance<T>(items: readonly Placed<T>[], from: Point): { item: T; metres: number | null }[] {
  return items
    .map(({ item, point }) => ({ item, metres: point === null ? null : distanceM(from, point) }))
    .sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity) || 0)
}

function pointOf({ dataset }: HTMLElement): Point | null {
  const lat = Number.parseFloat(dataset['lat'] ?? '')
  const lon = Number.parseFloat(dataset['lon'] ?? '')
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null
}

function label(item: HTMLElement, text: string): void {
  const tag = item.querySelector('.distance') ?? item.appendChild(document.createElement('p'))
  tag.className = 'distance'
  tag.textContent = text
}

function sort(list: HTMLElement, button: HTMLButtonElement, from: Point): void {
  const items = [...list.children].filter((child) => child instanceof HTMLElement)
  const placed = items.map((item) => ({ item, point: pointOf(item) }))
  for (const { item, metres } of byDistance(placed, from)) {
    list.append(item)
    if (metres === null) continue
    const km = (metres / 1000).toFixed(metres < 10_000 ? 1 : 0).replace('.', button.dataset['decimal'] ?? '.')
    label(item, (button.dataset['distance'] ?? '{} km').replace('{}', km))
  }
}

/** Runs `then` with the visitor's place; says on the button when there is none. */
function ask(button: HTMLButtonElement, then: (point: Point) => void): void {
  button.setAttribute('aria-busy', 'true')
  const before = button.textContent
  here()
    .then(then, () => {
      button.textContent = button.dataset['denied'] ?? before
      setTimeout(() => { button.textContent = before }, 4000)
    })
    .finally(() => { button.removeAttribute('aria-busy') })
}

export function sortByDistance(): void {
  if (!hasLocation()) return
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-near-me]')) {
    const list = document.getElementById(button.dataset['nearMe'] ?? '')
    if (list === null) continue
    button.hidden = false
    button.addEventListener('click', () => { ask(button, (point) => { sort(list, button, point) }) })
  }
}

export function offerOwnLocation(): void {
  if (!hasLocation()) return
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-locate]')) {
    const box = document.getElementById(button.dataset['locate'] ?? '')
    if (!(box instanceof HTMLInputElement)) continue
    button.hidden = false
    button.addEventListener('click', () => {
      ask(button, ({ lat, lon }) => { box.value = `${lat.toFixed(6)}, ${lon.toFixed(6)}` })
    })
  }
}
