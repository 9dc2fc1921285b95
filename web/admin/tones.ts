import type { Token } from '@/lib/ui'
import type { Tone } from './model'

/** A plugin's tones, each with a shape of its own besides the colour. */
export const TONES: Readonly<Record<Tone, Token>> = {
  plain: { shape: 'bar', hue: 'quiet' },
  good: { shape: 'circle', hue: 'ready' },
  warn: { shape: 'triangle', hue: 'high' },
  bad: { shape: 'octagon', hue: 'critical' },
}
