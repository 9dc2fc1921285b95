/** Sound, vibration and a waking screen: what makes a crew notice an offer in a noisy engine bay. */
import { useEffect } from 'react'

/** Two rising tones, then a pause; carried by a small loudspeaker and unlike a ring tone. */
const TONES_HZ = [880, 1174.7, 880, 1174.7] as const
const TONE_S = 0.18
const REPEAT_EVERY_MS = 1_400
const VIBRATION_MS = [350, 120, 350]

let audio: AudioContext | null = null

/** Browsers let a page sound only after a touch; 'Siap bertugas' is that touch. True when sound will work. */
export async function unlockSound(): Promise<boolean> {
  audio ??= new AudioContext()
  if (audio.state !== 'running') await audio.resume()
  return soundReady()
}

export function soundReady(): boolean {
  return audio?.state === 'running'
}

function play(context: AudioContext): void {
  TONES_HZ.forEach((hz, i) => {
    const start = context.currentTime + i * TONE_S
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.type = 'square'
    tone.frequency.value = hz
    volume.gain.setValueAtTime(0.0001, start)
    volume.gain.exponentialRampToValueAtTime(0.5, start + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + TONE_S * 0.95)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + TONE_S)
  })
}

function vibrate(pattern: number | number[]): void {
  // Chromium refuses, with a console message, before the page was touched; and Safari has none.
  if ('vibrate' in navigator && navigator.userActivation.hasBeenActive) navigator.vibrate(pattern)
}

/** Sounds and vibrates until the component goes away. */
export function useAlert(on: boolean): void {
  useEffect(() => {
    if (!on) return
    const once = (): void => {
      if (audio !== null && soundReady()) play(audio)
      vibrate(VIBRATION_MS)
    }
    once()
    const timer = setInterval(once, REPEAT_EVERY_MS)
    return () => {
      clearInterval(timer)
      vibrate(0)
    }
  }, [on])
}

/** Keeps the screen on while `on`; the lock is lost when the page is hidden, so it is asked for again. */
export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | null = null
    let over = false
    const ask = (): void => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then(
        (given) => {
          lock = given
          if (over) void given.release()
        },
        () => undefined, // a low battery refuses it; the crew can still tap the screen
      )
    }
    ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', ask)
      void lock?.release()
    }
  }, [on])
}
