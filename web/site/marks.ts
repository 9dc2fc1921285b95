/** Marks of places, drawn on a canvas once per theme: a tone is a shape besides its colour. */
import type { Map as MapLibreMap } from 'maplibre-gl'
import { MAP_PALETTES } from '@/lib/map/palette'
import { HUES, SHAPE_PATH, type Hue, type Scheme, type Shape } from '@/lib/ui/tokens'

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

const TONES: Readonly<Record<Tone, { shape: Shape; hue: Hue }>> = {
  plain: { shape: 'circle', hue: 'accent' },
  good: { shape: 'diamond', hue: 'ready' },
  warn: { shape: 'triangle', hue: 'high' },
  bad: { shape: 'square', hue: 'critical' },
}
const PIXEL_RATIO = 3
const SIZE = 26
/** A pin whose tip stands on the point. */
const PIN = 'M13 33.5C13 27 3 20.5 3 12.5a10 10 0 0 1 20 0c0 8-10 14.5-10 21Z'

export const POINT_MARK = 'point-mark'
export const toneMark = (tone: Tone): string => `tone-${tone}`

function paint(width: number, height: number, draw: (ctx: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = width * PIXEL_RATIO
  canvas.height = height * PIXEL_RATIO
  const ctx = canvas.getContext('2d', { willReadFrequently: true })
  if (!ctx) throw new Error('this browser draws no canvas')
  ctx.scale(PIXEL_RATIO, PIXEL_RATIO)
  ctx.lineJoin = 'round'
  draw(ctx)
  return ctx.getImageData(0, 0, canvas.width, canvas.height)
}

function outlined(ctx: CanvasRenderingContext2D, path: Path2D, edge: string, fill: string, width: number): void {
  ctx.lineWidth = width
  ctx.strokeStyle = edge
  ctx.stroke(path)
  ctx.fillStyle = fill
  ctx.fill(path)
}

/** Gives the map the marks of a theme, in place of those of the theme before. */
export function putMarks(map: MapLibreMap, scheme: Scheme): void {
  const { symbolEdge } = MAP_PALETTES[scheme]
  const put = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.updateImage(name, image)
    else map.addImage(name, image, { pixelRatio: PIXEL_RATIO })
  }
  for (const [tone, { shape, hue }] of Object.entries(TONES)) {
    put(toneMark(tone as Tone), paint(SIZE, SIZE, (ctx) => {
      ctx.translate(4, 4)
      ctx.scale((SIZE - 8) / 16, (SIZE - 8) / 16)
      outlined(ctx, new Path2D(SHAPE_PATH[shape]), symbolEdge, HUES[hue][scheme], 3.4)
    }))
  }
  put(POINT_MARK, paint(SIZE, 36, (ctx) => {
    outlined(ctx, new Path2D(PIN), symbolEdge, HUES.accent[scheme], 3)
    ctx.fillStyle = symbolEdge
    ctx.fill(new Path2D('M13 8.5a4 4 0 1 1 0 8a4 4 0 1 1 0 -8Z'))
  }))
}
