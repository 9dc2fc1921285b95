/** Symbols drawn on a canvas once per theme and given to the map as images. Priority is shape and colour, never colour alone. */
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { Priority } from '@/lib/events/generated'
import { HUES, PRIORITY, SHAPE_PATH, TONES } from '@/lib/ui/tokens'
import { incidentIcon, unitIcon } from './features'
import { GLYPH_PATHS, type UnitGlyph } from './glyphs'
import { MAP_PALETTES, type MapPalette, type MapScheme, type UnitStanding } from './palette'

/** Images are drawn at this many device pixels per CSS pixel: crisp on a phone, cheap elsewhere. */
const PIXEL_RATIO = 3
const INCIDENT_SIZE = 34
const UNIT_SIZE = 32

type Draw = (ctx: CanvasRenderingContext2D, size: number) => void

function paint(size: number, draw: Draw): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = size * PIXEL_RATIO
  canvas.height = size * PIXEL_RATIO
  const ctx = canvas.getContext('2d', { willReadFrequently: true })
  if (!ctx) throw new Error('this browser draws no canvas')
  ctx.scale(PIXEL_RATIO, PIXEL_RATIO)
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  draw(ctx, size)
  return ctx.getImageData(0, 0, canvas.width, canvas.height)
}

function drawIncident(priority: Priority, palette: MapPalette): Draw {
  const { shape } = PRIORITY[priority]
  const hollow = shape === 'ring'
  return (ctx, size) => {
    const outline = new Path2D(SHAPE_PATH[hollow ? 'circle' : shape])
    const scale = (size - 8) / 16
    ctx.translate(size / 2 - 8 * scale, size / 2 - 8 * scale)
    ctx.scale(scale, scale)
    ctx.lineWidth = 3.2
    ctx.strokeStyle = palette.symbolEdge
    ctx.stroke(outline)
    ctx.fillStyle = hollow ? palette.unitFill : palette.priority[priority]
    ctx.fill(outline)
    ctx.lineWidth = hollow ? 2 : 0.8
    ctx.strokeStyle = palette.priority[priority]
    ctx.stroke(outline)
    ctx.fillStyle = hollow ? palette.unitGlyph : palette.symbolEdge
    ctx.font = '700 7.5px "Inter Variable", sans-serif'
    ctx.textAlign = 'center'
    ctx.fillText(priority.slice(1), 8, shape === 'triangle' ? 12.4 : 10.7)
  }
}

/** Ring styles, so that the standing can be read without its colour: full, dashed, double, crossed. */
function drawRing(ctx: CanvasRenderingContext2D, centre: number, standing: UnitStanding, colour: string): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = 3
  if (standing === 'offered') ctx.setLineDash([4, 4])
  if (standing === 'off_duty') ctx.setLineDash([1.5, 4.5])
  ctx.beginPath()
  ctx.arc(centre, centre, 12, 0, 2 * Math.PI)
  ctx.stroke()
  ctx.setLineDash([])
  if (standing === 'on_scene' || standing === 'carrying') {
    ctx.lineWidth = 1.4
    ctx.beginPath()
    ctx.arc(centre, centre, 15, 0, 2 * Math.PI)
    ctx.stroke()
  }
  if (standing === 'out_of_service') {
    ctx.beginPath()
    ctx.moveTo(centre - 8.5, centre + 8.5)
    ctx.lineTo(centre + 8.5, centre - 8.5)
    ctx.stroke()
  }
}

function drawUnit(glyph: UnitGlyph, standing: UnitStanding, palette: MapPalette): Draw {
  return (ctx, size) => {
    const centre = size / 2
    ctx.fillStyle = palette.unitFill
    ctx.beginPath()
    ctx.arc(centre, centre, 13.5, 0, 2 * Math.PI)
    ctx.fill()
    ctx.save()
    ctx.translate(centre - 7.8, centre - 7.8)
    ctx.scale(0.65, 0.65)
    ctx.strokeStyle = standing === 'off_duty' ? palette.labelMuted : palette.unitGlyph
    ctx.lineWidth = 2.4
    for (const path of GLYPH_PATHS[glyph]) ctx.stroke(new Path2D(path))
    ctx.restore()
    drawRing(ctx, centre, standing, palette.standing[standing])
  }
}

function drawArrow(palette: MapPalette): Draw {
  return (ctx, size) => {
    const centre = size / 2
    const arrow = new Path2D(`M${centre} 1.5L${centre + 6} 9.5L${centre} 7.5L${centre - 6} 9.5Z`)
    ctx.lineWidth = 2
    ctx.strokeStyle = palette.symbolEdge
    ctx.stroke(arrow)
    ctx.fillStyle = palette.standing.moving
    ctx.fill(arrow)
  }
}

function drawPin(palette: MapPalette): Draw {
  return (ctx, size) => {
    const centre = size / 2
    for (const [width, colour] of [[6, palette.symbolEdge], [2.5, palette.draft]] as const) {
      ctx.lineWidth = width
      ctx.strokeStyle = colour
      ctx.beginPath()
      ctx.arc(centre, centre, 8, 0, 2 * Math.PI)
      for (const [dx, dy] of [[0, -1], [0, 1], [-1, 0], [1, 0]] as const) {
        ctx.moveTo(centre + dx * 5, centre + dy * 5)
        ctx.lineTo(centre + dx * 14, centre + dy * 14)
      }
      ctx.stroke()
    }
  }
}

/** A small mark of a module's layer; smaller than what emergencies are drawn with. */
function drawTone(tone: keyof typeof TONES, scheme: MapScheme, palette: MapPalette): Draw {
  const { shape, hue } = TONES[tone]
  return (ctx, size) => {
    const outline = new Path2D(SHAPE_PATH[shape])
    const scale = (size - 5) / 16
    ctx.translate(size / 2 - 8 * scale, size / 2 - 8 * scale)
    ctx.scale(scale, scale)
    ctx.lineWidth = 3.4
    ctx.strokeStyle = palette.symbolEdge
    ctx.stroke(outline)
    ctx.fillStyle = HUES[hue][scheme]
    ctx.fill(outline)
  }
}

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[]

/** Gives the map every symbol of a theme, in place of those of the theme before. */
export function putImages(map: MapLibreMap, scheme: MapScheme): void {
  const palette = MAP_PALETTES[scheme]
  const put = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.updateImage(name, image)
    else map.addImage(name, image, { pixelRatio: PIXEL_RATIO })
  }
  for (const priority of keysOf(PRIORITY)) {
    put(incidentIcon(priority), paint(INCIDENT_SIZE, drawIncident(priority, palette)))
  }
  for (const glyph of keysOf(GLYPH_PATHS)) {
    for (const standing of keysOf(palette.standing)) {
      put(unitIcon(glyph, standing), paint(UNIT_SIZE, drawUnit(glyph, standing, palette)))
    }
  }
  for (const tone of keysOf(TONES)) put(`extra-${tone}`, paint(18, drawTone(tone, scheme, palette)))
  put('heading', paint(52, drawArrow(palette)))
  put('draft-pin', paint(32, drawPin(palette)))
}
