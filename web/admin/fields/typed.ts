/** Pure: between what is typed into a box (always text) and the value on the wire. */
import type { Field, GeoPoint, Value, Values } from '../model'
import { decimalText, plainNumber } from './numbers'

/** What stands in the boxes of a form, by field. */
export type Typed = Readonly<Record<string, string>>

/** Why a text is no value; the form says it in words. */
export type Flaw =
  | { why: 'required' }
  | { why: 'integer' | 'decimal' | 'date' | 'time' | 'point' | 'link' | 'phone' }
  | { why: 'least' | 'most'; limit: string }
  | { why: 'longest'; limit: number }

export type Parsed = { value: Value; flaw: null } | { value: null; flaw: Flaw }

const right = (value: Value): Parsed => ({ value, flaw: null })
const wrong = (flaw: Flaw): Parsed => ({ value: null, flaw })

const WITA_OFFSET_MS = 8 * 3_600_000

/** '2026-11-24T14:03' in WITA, as a datetime box wants it. */
export function momentToWita(iso: string): string {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? '' : new Date(ms + WITA_OFFSET_MS).toISOString().slice(0, 16)
}

/** The UTC moment of a WITA wall time, null when it is none. */
export function witaToMoment(local: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return null
  const ms = Date.parse(`${local.slice(0, 16)}:00Z`)
  return Number.isNaN(ms) ? null : new Date(ms - WITA_OFFSET_MS).toISOString()
}

export function isPoint(value: unknown): value is GeoPoint {
  return typeof value === 'object' && value !== null && 'lat' in value && 'lon' in value
}

/** '-1.29381, 116.51234' */
export const pointText = ({ lat, lon }: GeoPoint): string => `${lat.toFixed(5)}, ${lon.toFixed(5)}`

/** 'lat, lon' in degrees with a decimal point; a decimal comma where ';' or a space parts the two. */
export function parsePoint(text: string): GeoPoint | null {
  const found =
    /^(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)$/.exec(text.trim()) ??
    /^(-?\d+(?:,\d+)?)\s*(?:;|\s)\s*(-?\d+(?:,\d+)?)$/.exec(text.trim())
  if (found === null) return null
  const [lat, lon] = [found[1], found[2]].map((part) => Number((part ?? '').replace(',', '.')))
  return lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180 ? null : { lat, lon }
}

/** The text that stands in the box for a stored value. */
export function typedOf(field: Field, value: Value | undefined, language: string): string {
  if (value === null || value === undefined) return ''
  if (isPoint(value)) return pointText(value)
  switch (field.kind) {
    case 'moment':
      return momentToWita(String(value))
    case 'time':
      return String(value).slice(0, 5)
    case 'integer':
    case 'money':
    case 'decimal':
      return decimalText(String(value), language)
    default:
      return String(value)
  }
}

/** What an empty form begins with; 'today' of a date is the day in WITA. */
function firstTyped(field: Field, language: string): string {
  if (field.default === null) return ''
  if (field.kind === 'date' && field.default === 'today') return momentToWita(new Date().toISOString()).slice(0, 10)
  return typedOf(field, field.default, language)
}

export function typedRow(fields: readonly Field[], values: Values | null, language: string): Typed {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      values === null ? firstTyped(field, language) : typedOf(field, values[field.name], language),
    ]),
  )
}

function parseNumber(field: Field, text: string, language: string): Parsed {
  const whole = field.kind !== 'decimal'
  const plain = plainNumber(text, language, whole)
  if (plain === null) return wrong({ why: whole ? 'integer' : 'decimal' })
  const number = Number(plain)
  if (field.least !== null && number < Number(field.least)) return wrong({ why: 'least', limit: String(field.least) })
  if (field.most !== null && number > Number(field.most)) return wrong({ why: 'most', limit: String(field.most) })
  return right(whole ? number : unmistakable(plain))
}

/** Never three decimals: the server asks whether '1.250' means thousands. */
const unmistakable = (plain: string): string => (/\.\d{3}$/.test(plain) ? `${plain}0` : plain)

function parseText(field: Field, text: string): Parsed {
  if (text.length > field.longest) return wrong({ why: 'longest', limit: field.longest })
  if (field.kind === 'link' && !/^https:\/\/[^\s/]+\.[^\s]+$/i.test(text)) return wrong({ why: 'link' })
  if (field.kind === 'phone' && !/^\+?[\d\s().-]{3,24}$/.test(text)) return wrong({ why: 'phone' })
  return right(text)
}

const PARSERS: Partial<Record<Field['kind'], (field: Field, text: string, language: string) => Parsed>> = {
  integer: parseNumber,
  money: parseNumber,
  decimal: parseNumber,
  boolean: (_field, text) => right(text === 'true'),
  date: (_field, text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? right(text) : wrong({ why: 'date' })),
  time: (_field, text) => (/^\d{2}:\d{2}$/.test(text) ? right(text) : wrong({ why: 'time' })),
  moment: (_field, text) => {
    const moment = witaToMoment(text)
    return moment === null ? wrong({ why: 'date' }) : right(moment)
  },
  point: (_field, text) => {
    const point = parsePoint(text)
    return point === null ? wrong({ why: 'point' }) : right(point)
  },
}

/** The value of what was typed, or why it is none. An empty box is null, and a flaw where a value is required. */
export function parseTyped(field: Field, typed: string, language: string): Parsed {
  const text = typed.trim()
  if (text === '') return field.required && field.kind !== 'boolean' ? wrong({ why: 'required' }) : right(field.kind === 'boolean' ? false : null)
  return (PARSERS[field.kind] ?? parseText)(field, text, language)
}

/** All values of a form and the flaws by field; `values` is whole only where there is no flaw. */
export function parseForm(fields: readonly Field[], typed: Typed, language: string): { values: Values; flaws: Record<string, Flaw> } {
  const values: Values = {}
  const flaws: Record<string, Flaw> = {}
  for (const field of fields.filter((one) => one.typed)) {
    const { value, flaw } = parseTyped(field, typed[field.name] ?? '', language)
    if (flaw === null) values[field.name] = value
    else flaws[field.name] = flaw
  }
  return { values, flaws }
}

export function sameTyped(a: Typed, b: Typed): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => (a[name] ?? '') === (b[name] ?? ''))
}
