/** The map's colours, the only place where they are said: dark is the night shift's, light the day's and sunlight's. */
import type { Priority } from '@/lib/events/generated'
import { HUES, PRIORITY, type Hue, type Scheme } from '@/lib/ui/tokens'

export type MapScheme = Scheme

/** What the ring round a unit says: its state, and while it is committed how far it has come. */
export type UnitStanding = 'available' | 'offered' | 'moving' | 'on_scene' | 'carrying' | 'off_duty' | 'out_of_service'

const STANDING_HUES: Readonly<Record<UnitStanding, Hue>> = {
  available: 'ready',
  offered: 'offered',
  moving: 'moving',
  on_scene: 'scene',
  carrying: 'carrying',
  off_duty: 'quiet',
  out_of_service: 'critical',
}

export interface MapPalette {
  sea: string
  shallows: string
  coast: string
  landBeyond: string
  kecamatanTints: readonly [string, string, string, string]
  villageLine: string
  kecamatanLine: string
  regencyLine: string
  /** What lies past the edge of our data; the same as the page behind the map. */
  unknown: string
  label: string
  labelMuted: string
  halo: string
  kecamatanLabel: string
  landmark: string
  kmPost: string
  draft: string
  selection: string
  symbolEdge: string
  unitFill: string
  unitGlyph: string
  priority: Readonly<Record<Priority, string>>
  standing: Readonly<Record<UnitStanding, string>>
}

/** Colours of the ground; those of symbols are the screens' own tokens. */
type Ground = Omit<MapPalette, 'priority' | 'standing'>

const DARK: Ground = {
  sea: '#0c1824',
  shallows: '#1d3a52',
  coast: '#35546c',
  landBeyond: '#141c24',
  kecamatanTints: ['#1f2d37', '#24302f', '#2a2d33', '#213033'],
  villageLine: '#3d4f5c',
  kecamatanLine: '#5b7486',
  regencyLine: '#86a3b6',
  unknown: '#0a0e13',
  label: '#d3dee7',
  labelMuted: '#93a5b3',
  halo: '#121a21',
  kecamatanLabel: '#7f97a8',
  landmark: '#a9b8c3',
  kmPost: '#c9b27a',
  draft: '#ffd166',
  selection: '#ffffff',
  symbolEdge: '#0a0e13',
  unitFill: '#0f171e',
  unitGlyph: '#eef4f8',
}

const LIGHT: Ground = {
  sea: '#cfe1ec',
  shallows: '#e6f1f7',
  coast: '#7fa3ba',
  landBeyond: '#e9ebe8',
  kecamatanTints: ['#f7f5ee', '#f1f5ec', '#f6f1ee', '#eef4f3'],
  villageLine: '#c3c9c6',
  kecamatanLine: '#8d9aa2',
  regencyLine: '#566975',
  unknown: '#e8ecf0',
  label: '#22303a',
  labelMuted: '#5a6a75',
  halo: '#ffffff',
  kecamatanLabel: '#6c7d88',
  landmark: '#4a5a65',
  kmPost: '#7b5e10',
  draft: '#b35c00',
  selection: '#101820',
  symbolEdge: '#ffffff',
  unitFill: '#ffffff',
  unitGlyph: '#17222b',
}

function withTokens(ground: Ground, scheme: MapScheme): MapPalette {
  const priorities = Object.entries(PRIORITY).map(([priority, { hue }]) => [priority, HUES[hue][scheme]])
  const standings = Object.entries(STANDING_HUES).map(([standing, hue]) => [standing, HUES[hue][scheme]])
  return {
    ...ground,
    priority: Object.fromEntries(priorities) as MapPalette['priority'],
    standing: Object.fromEntries(standings) as MapPalette['standing'],
  }
}

export const MAP_PALETTES: Readonly<Record<MapScheme, MapPalette>> = {
  dark: withTokens(DARK, 'dark'),
  light: withTokens(LIGHT, 'light'),
}
