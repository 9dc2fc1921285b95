/** Shares the phone's position with the centre while the unit is on duty. */
import { useEffect, useState } from 'react'
import { units } from '@/lib/api'
import type { PositionFix } from '@/lib/api'
import { live } from '@/lib/store'
import { addFix, fixOf, SEND_EVERY_MS } from './fixes'

export type TrackProblem = 'denied' | 'unavailable' | 'insecure'

export interface Track {
  /** The newest fix; null before the first. */
  last: PositionFix | null
  /** When the centre last took positions, ms on its clock. */
  sentAt: number | null
  problem: TrackProblem | null
}

/** A fix that is older than this is asked for anew. */
const OLDEST_FIX_MS = 5_000

/** A phone that lies still tells no changes: asked this often, its unit never looks stale on the map (2 min). */
const STANDING_EVERY_MS = 60_000

function problemOf(error: GeolocationPositionError): TrackProblem {
  if (error.code === error.PERMISSION_DENIED) return window.isSecureContext ? 'denied' : 'insecure'
  return 'unavailable'
}

/** `working`: on a job, so batches go more often. Watching stops when `sharing` is false. */
export function useTrack(sharing: boolean, working: boolean): Track {
  const [last, setLast] = useState<PositionFix | null>(null)
  const [sentAt, setSentAt] = useState<number | null>(null)
  const [problem, setProblem] = useState<TrackProblem | null>(null)
  const everyMs = SEND_EVERY_MS[working ? 'working' : 'waiting']

  useEffect(() => {
    if (!sharing) return
    let held: readonly PositionFix[] = []
    let busy = false
    const flush = async (): Promise<void> => {
      if (busy || held.length === 0) return
      busy = true
      const batch = held
      held = []
      try {
        await units.sendPositions([...batch])
        setSentAt(live.now())
      } catch {
        held = [...batch, ...held].reduce(addFix, []) // the status line shows the age of the last that arrived
      } finally {
        busy = false
      }
    }
    const seen = (sensed: GeolocationPosition): void => {
      const fix = fixOf(sensed)
      const first = held.length === 0
      held = addFix(held, fix)
      setLast(fix)
      setProblem(null)
      if (first) void flush()
    }
    const failed = (error: GeolocationPositionError): void => { setProblem(problemOf(error)) }
    const precisely = { enableHighAccuracy: true, maximumAge: OLDEST_FIX_MS }
    const watch = navigator.geolocation.watchPosition(seen, failed, precisely)
    const standing = setInterval(() => {
      navigator.geolocation.getCurrentPosition(seen, failed, precisely)
    }, STANDING_EVERY_MS)
    const timer = setInterval(() => void flush(), everyMs)
    return () => {
      clearInterval(standing)
      navigator.geolocation.clearWatch(watch)
      clearInterval(timer)
    }
  }, [sharing, everyMs])
  return { last, sentAt, problem }
}
