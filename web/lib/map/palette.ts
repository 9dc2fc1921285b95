/** The map's colours, the only place where they are said: dark is the night shift's, light the day's and sunlight's. */

import type { Priority } from '@/lib/events/generated'

export type MapScheme = 'dark' | 'light'

export type UnitStanding = 'available' | 'offered' | 'moving' | 'on_scene' | 'off_duty' | 'out_of_service'

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

const DARK: MapPalette = {
  sea: '#0c1824',
  shallows: '#1d3a52',
  coast: '#35546c',
  landBeyond: '#141c24',
  kecamatanTints: ['#1f2d37', '#24302f', '#2a2d33', '#213033'],
  villageLine: '#3d4f5c',
  kecamatanLine: '#5b7486',
  regencyLine: '#86a3b6',
  unknown: '#0b1016',
  label: '#d3dee7',
  labelMuted: '#93a5b3',
  halo: '#121a21',
  kecamatanLabel: '#7f97a8',
  landmark: '#a9b8c3',
  kmPost: '#c9b27a',
  draft: '#f0a020',
  selection: '#ffffff',
  symbolEdge: '#0b1016',
  unitFill: '#0f171e',
  unitGlyph: '#eef4f8',
  priority: { P1: '#ff4d4f', P2: '#ff9330', P3: '#f5cf3d', P4: '#4aa8ff', P5: '#9aa8b5' },
  standing: {
    available: '#3ecf8e',
    offered: '#f0a020',
    moving: '#4aa8ff',
    on_scene: '#c084fc',
    off_duty: '#5d6b77',
    out_of_service: '#e5636a',
  },
}

const LIGHT: MapPalette = {
  sea: '#cfe1ec',
  shallows: '#e6f1f7',
  coast: '#7fa3ba',
  landBeyond: '#e9ebe8',
  kecamatanTints: ['#f7f5ee', '#f1f5ec', '#f6f1ee', '#eef4f3'],
  villageLine: '#c3c9c6',
  kecamatanLine: '#8d9aa2',
  regencyLine: '#566975',
  unknown: '#f4f6f8',
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
  priority: { P1: '#d3202b', P2: '#d95f00', P3: '#b58900', P4: '#1769c2', P5: '#66737e' },
  standing: {
    available: '#12894f',
    offered: '#b35c00',
    moving: '#1769c2',
    on_scene: '#8b3fd1',
    off_duty: '#8b979f',
    out_of_service: '#c22f38',
  },
}

export const MAP_PALETTES: Readonly<Record<MapScheme, MapPalette>> = { dark: DARK, light: LIGHT }
