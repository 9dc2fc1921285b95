/** Colours and shapes of what the screens speak of. A status is always told by shape, colour and text together. */
import type { AssignmentState, IncidentState, Priority, UnitState } from '@/lib/events/generated'

export type Scheme = 'dark' | 'light'
export type Shape =
  | 'octagon' | 'triangle' | 'diamond' | 'circle' | 'square' | 'ring' | 'cross' | 'chevron' | 'hourglass' | 'half' | 'bar'

/** Hues by meaning; each has a value for the dark and one for the light screen (both >= 4.5:1 on their panel). */
export const HUES = {
  critical: { dark: '#ff5a52', light: '#c81e1e' },
  high: { dark: '#ff9838', light: '#b4510a' },
  medium: { dark: '#f2cc3f', light: '#8a6500' },
  low: { dark: '#58b6e8', light: '#1b6fa3' },
  quiet: { dark: '#93a1b1', light: '#5a6776' },
  ready: { dark: '#3fc37f', light: '#16794a' },
  offered: { dark: '#d99bff', light: '#8430b8' },
  moving: { dark: '#4aa8ff', light: '#1565c0' },
  scene: { dark: '#ff9838', light: '#b4510a' },
  carrying: { dark: '#38cfc4', light: '#0b7a72' },
  accent: { dark: '#5aa9f0', light: '#1a6bb8' },
} as const satisfies Record<string, Record<Scheme, string>>

export type Hue = keyof typeof HUES

export interface Token {
  readonly shape: Shape
  readonly hue: Hue
}

export const PRIORITY: Readonly<Record<Priority, Token>> = {
  P1: { shape: 'square', hue: 'critical' },
  P2: { shape: 'triangle', hue: 'high' },
  P3: { shape: 'diamond', hue: 'medium' },
  P4: { shape: 'circle', hue: 'low' },
  P5: { shape: 'ring', hue: 'quiet' },
}

export const INCIDENT_STATE: Readonly<Record<IncidentState, Token>> = {
  open: { shape: 'ring', hue: 'critical' },
  triaged: { shape: 'half', hue: 'high' },
  dispatched: { shape: 'hourglass', hue: 'offered' },
  en_route: { shape: 'chevron', hue: 'moving' },
  on_scene: { shape: 'square', hue: 'scene' },
  under_control: { shape: 'circle', hue: 'ready' },
  resolved: { shape: 'bar', hue: 'ready' },
  closed: { shape: 'bar', hue: 'quiet' },
  cancelled: { shape: 'cross', hue: 'quiet' },
  merged: { shape: 'bar', hue: 'quiet' },
}

export const ASSIGNMENT_STATE: Readonly<Record<AssignmentState, Token>> = {
  offered: { shape: 'hourglass', hue: 'offered' },
  accepted: { shape: 'half', hue: 'moving' },
  en_route: { shape: 'chevron', hue: 'moving' },
  on_scene: { shape: 'square', hue: 'scene' },
  transporting: { shape: 'triangle', hue: 'carrying' },
  at_facility: { shape: 'diamond', hue: 'carrying' },
  cleared: { shape: 'bar', hue: 'ready' },
  declined: { shape: 'cross', hue: 'critical' },
  expired: { shape: 'cross', hue: 'high' },
  withdrawn: { shape: 'cross', hue: 'quiet' },
  cancelled: { shape: 'cross', hue: 'quiet' },
  diverted: { shape: 'cross', hue: 'quiet' },
}

export const UNIT_STATE: Readonly<Record<UnitState, Token>> = {
  available: { shape: 'circle', hue: 'ready' },
  committed: { shape: 'square', hue: 'scene' },
  off_duty: { shape: 'ring', hue: 'quiet' },
  out_of_service: { shape: 'cross', hue: 'critical' },
}

/** Tones of what modules show. */
export const TONES: Readonly<Record<'plain' | 'good' | 'warn' | 'bad', Token>> = {
  plain: { shape: 'square', hue: 'quiet' },
  good: { shape: 'circle', hue: 'ready' },
  warn: { shape: 'triangle', hue: 'high' },
  bad: { shape: 'octagon', hue: 'critical' },
}

/** The CSS value of a hue on the present theme. */
export const hueVar = (hue: Hue): string => `var(--sg-${hue})`

/** SVG path of a shape in a 16 x 16 box; `ring` and `half` are strokes with a fill of their own (see ShapeMark). */
export const SHAPE_PATH: Readonly<Record<Shape, string>> = {
  octagon: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z',
  triangle: 'M8 1.2 15.4 14.4H.6Z',
  diamond: 'M8 .6 15.4 8 8 15.4.6 8Z',
  circle: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z',
  square: 'M2 2h12v12H2Z',
  ring: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm0 2.4a4.1 4.1 0 1 0 0 8.2 4.1 4.1 0 0 0 0-8.2Z',
  cross: 'M3.4 1.6 8 6.2l4.6-4.6 1.8 1.8L9.8 8l4.6 4.6-1.8 1.8L8 9.8l-4.6 4.6-1.8-1.8L6.2 8 1.6 3.4Z',
  chevron: 'M2.5 1.2 15 8 2.5 14.8 5.6 8Z',
  hourglass: 'M2 1h12v1.8L9.6 8l4.4 5.2V15H2v-1.8L6.4 8 2 2.8Z',
  half: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm0 2.2v8.6a4.3 4.3 0 0 0 0-8.6Z',
  bar: 'M1.5 6h13v4h-13Z',
}
