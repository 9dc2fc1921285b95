/** Which picture a unit has. Path data of the glyphs: Tabler Icons (MIT), 24 by 24, drawn as strokes. */
import type { Capability, UnitView } from '@/lib/events/generated'

export type UnitGlyph = 'fire' | 'ambulance' | 'police' | 'rescue' | 'boat' | 'power' | 'order' | 'tree' | 'vehicle'

export const GLYPH_PATHS: Readonly<Record<UnitGlyph, readonly string[]>> = {
  fire: ['M12 10.941c2.333 -3.308 .167 -7.823 -1 -8.941c0 3.395 -2.235 5.299 -3.667 6.706c-1.43 1.408 -2.333 3.621 -2.333 5.588c0 3.704 3.134 6.706 7 6.706s7 -3.002 7 -6.706c0 -1.712 -1.232 -4.403 -2.333 -5.588c-2.084 3.353 -3.257 3.353 -4.667 2.235'],
  ambulance: ['M10 4h4v6h6v4h-6v6h-4v-6h-6v-4h6z'],
  police: ['M12 3a12 12 0 0 0 8.5 3a12 12 0 0 1 -8.5 15a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3', 'M12 8v7m-3.5 -3.5h7'],
  rescue: [
    'M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
    'M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0',
    'M15 15l3.35 3.35',
    'M9 15l-3.35 3.35',
    'M5.65 5.65l3.35 3.35',
    'M18.35 5.65l-3.35 3.35',
  ],
  boat: ['M3 18c1.5 1.5 3 1.5 4.5 0c1.5 1.5 3 1.5 4.5 0c1.5 1.5 3 1.5 4.5 0c1.5 1.5 3 1.5 4.5 0', 'M5 15l-1.5 -4h17l-2.5 4', 'M8 11v-5h5l3 5'],
  power: ['M13 3v7h6l-8 11v-7h-6l8 -11'],
  order: ['M5 21v-16', 'M5 5h13l-3 4.5l3 4.5h-13'],
  tree: ['M12 13l-2 -2', 'M12 12l2 -2', 'M12 21v-13', 'M9.8 16a3 3 0 0 1 -2.7 -3.7a3 3 0 0 1 .3 -4.8a3 3 0 0 1 4.6 -3.7a3 3 0 0 1 4.6 3.7a3 3 0 0 1 .3 4.8a3 3 0 0 1 -2.9 3.7z'],
  vehicle: ['M5 17a2 2 0 1 0 4 0a2 2 0 1 0 -4 0', 'M15 17a2 2 0 1 0 4 0a2 2 0 1 0 -4 0', 'M5 17h-2v-11a1 1 0 0 1 1 -1h9v12m-4 0h6m4 0h2v-6h-8m0 -5h5l3 5'],
}

/** The first capability of this list that a unit has names its picture: the rarer one first. */
const BY_CAPABILITY: readonly (readonly [Capability, UnitGlyph])[] = [
  ['water_rescue', 'boat'],
  ['fire_suppression', 'fire'],
  ['ambulance', 'ambulance'],
  ['advanced_life_support', 'ambulance'],
  ['police', 'police'],
  ['traffic_control', 'police'],
  ['power_line', 'power'],
  ['rescue', 'rescue'],
  ['disaster_response', 'rescue'],
  ['tree_clearing', 'tree'],
  ['public_order', 'order'],
  ['animal_handling', 'order'],
]

export function glyphOf(unit: Pick<UnitView, 'capabilities'>): UnitGlyph {
  return BY_CAPABILITY.find(([capability]) => unit.capabilities.includes(capability))?.[1] ?? 'vehicle'
}
