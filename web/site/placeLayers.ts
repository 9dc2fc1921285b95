/** How the places of a public layer are drawn: a mark by tone, a number where many lie together, a name when near. */
import type { LayerSpecification } from 'maplibre-gl'
import type { MapPalette } from '@/lib/map/palette'
import { FONT_BOLD } from '@/lib/map/style'
import { POINT_MARK, toneMark } from './marks'

export function placeLayers(p: MapPalette): LayerSpecification[] {
  const halo = { 'text-halo-color': p.halo, 'text-halo-width': 2, 'text-halo-blur': 0.2 }
  return [
    {
      id: 'place-clusters',
      type: 'circle',
      source: 'places',
      filter: ['has', 'point_count'],
      paint: {
        'circle-radius': ['step', ['get', 'point_count'], 15, 10, 19, 50, 24],
        'circle-color': p.standing.moving,
        'circle-stroke-color': p.symbolEdge,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'place-counts',
      type: 'symbol',
      source: 'places',
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': FONT_BOLD,
        'text-size': 13,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': p.symbolEdge },
    },
    {
      id: 'place-marks',
      type: 'symbol',
      source: 'places',
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': [
          'match',
          ['get', 'tone'],
          'good', toneMark('good'),
          'warn', toneMark('warn'),
          'bad', toneMark('bad'),
          toneMark('plain'),
        ],
        'icon-allow-overlap': true,
        'text-field': ['step', ['zoom'], '', 10, ['get', 'title']],
        'text-font': FONT_BOLD,
        'text-size': 12,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.2,
        'text-max-width': 9,
        'text-optional': true,
      },
      paint: { 'text-color': p.label, ...halo },
    },
    {
      id: 'point',
      type: 'symbol',
      source: 'point',
      layout: { 'icon-image': POINT_MARK, 'icon-anchor': 'bottom', 'icon-allow-overlap': true },
    },
  ]
}
