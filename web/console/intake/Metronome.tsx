/** The beat for chest compressions: shown, and sounded at this desk while the words that need it are on the screen. */
import { Button } from '@mantine/core'
import { IconVolume, IconVolumeOff } from '@tabler/icons-react'
import { useEffect, useState, type CSSProperties, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './metronome.module.css'

/** Beats are handed to the sound card this long ahead, so that a busy page does not make them stumble. */
const AHEAD_S = 1
const LOOK_EVERY_MS = 300
const CLICK_S = 0.05

/** Sounds the beat until it is stopped. */
export function startBeat(context: AudioContext, beats: number): () => void {
  const interval = 60 / beats
  let next = context.currentTime + 0.05
  const sound = (at: number): void => {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = 880
    volume.gain.setValueAtTime(0.4, at)
    volume.gain.exponentialRampToValueAtTime(0.001, at + CLICK_S)
    tone.connect(volume).connect(context.destination)
    tone.start(at)
    tone.stop(at + CLICK_S)
  }
  const look = (): void => {
    if (context.state !== 'running') next = Math.max(next, context.currentTime + 0.05)
    for (; next < context.currentTime + AHEAD_S; next += interval) sound(next)
  }
  look()
  const timer = setInterval(look, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

export function Metronome({ beats }: { beats: number }): ReactNode {
  const { t } = useTranslation('console')
  const [sounds, setSounds] = useState(true)
  useEffect(() => (sounds ? startBeat(new AudioContext(), beats) : undefined), [sounds, beats])
  return (
    <div className={styles.metronome} role="status" style={{ '--beat': `${60 / beats}s` } as CSSProperties}>
      <span className={styles.beat} aria-hidden />
      <b>{t('intake.metronome', { beats })}</b>
      <Button
        size="compact-xs"
        variant="default"
        aria-pressed={sounds}
        leftSection={sounds ? <IconVolume size={13} /> : <IconVolumeOff size={13} />}
        onClick={() => setSounds(!sounds)}
      >
        {t(sounds ? 'intake.sound' : 'intake.silent')}
      </Button>
    </div>
  )
}
