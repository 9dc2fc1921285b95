/** Times are UTC on the wire and WITA on the screen, whatever the desk's own zone. */
import { useSyncExternalStore } from 'react'
import { live } from '@/lib/store'

const WITA = 'Asia/Makassar'

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: WITA,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

const days: Record<string, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat('id-ID', { timeZone: WITA, weekday: 'short', day: 'numeric', month: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: WITA, weekday: 'short', day: 'numeric', month: 'short' }),
}

const ms = (time: string | number): number => (typeof time === 'number' ? time : Date.parse(time))

/** '14:03:27' in WITA. */
export const clockTime = (time: string | number): string => clock.format(ms(time))
/** '14:03' in WITA. */
export const shortTime = (time: string | number): string => clockTime(time).slice(0, 5)
/** 'Sel, 24 Nov' in WITA. */
export const dayOf = (time: string | number, language: string): string =>
  (days[language] ?? days.id)?.format(ms(time)) ?? ''

/** '0:07', '3:07', '1:03:07'; two days and more as '2 d'. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const pad = (n: number): string => String(n).padStart(2, '0')
  if (s >= 172_800) return `${Math.floor(s / 86_400)} d`
  const hours = Math.floor(s / 3600)
  const minutes = Math.floor((s % 3600) / 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`
}

/** One timer for all that ticks, so that every age on the screen changes at the same moment. */
const tickers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

function onTick(listener: () => void): () => void {
  tickers.add(listener)
  timer ??= setInterval(() => {
    for (const ticker of tickers) ticker()
  }, 250)
  return () => {
    tickers.delete(listener)
    if (tickers.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

/** The server's time in whole seconds; re-renders each second. */
export function useNow(): number {
  return useSyncExternalStore(onTick, () => Math.floor(live.now() / 1000))
}
