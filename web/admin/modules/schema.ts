/** Pure: a module's settings as fields of a form, read from their JSON schema. */
import type { Field, JsonSchema, Kind, Value, Values } from '../model'
import type { Typed } from '../fields/typed'
import { decimalText } from '../fields/numbers'

const KINDS: Readonly<Record<string, Kind>> = { integer: 'integer', number: 'decimal', boolean: 'boolean', string: 'text' }
const FORMATS: Readonly<Record<string, Kind>> = { date: 'date', time: 'time', 'date-time': 'moment', uri: 'link' }
const LONG_FROM = 300

/** Of 'this or null', and of 'number or text' as pydantic writes a Decimal, the part that is typed. */
function inner(schema: JsonSchema): { schema: JsonSchema; optional: boolean } {
  const { anyOf } = schema
  if (anyOf === undefined) return { schema, optional: false }
  const parts = anyOf.filter(({ type }) => type !== 'null')
  return { schema: { ...schema, ...(parts.find(({ type }) => type === 'number') ?? parts[0] ?? {}) }, optional: parts.length < anyOf.length }
}

function kindOf(schema: JsonSchema): Kind | null {
  if (schema.enum !== undefined) return 'choice'
  const kind = KINDS[schema.type ?? '']
  if (kind === undefined) return null // a list or an object: set by the operator's own means
  if (kind !== 'text') return kind
  return FORMATS[schema.format ?? ''] ?? ((schema.maxLength ?? 0) > LONG_FROM ? 'long_text' : 'text')
}

/** Words of our own where the module gives them, else the schema's. */
function wordsOf(name: string, { label, title, hint, description }: JsonSchema): Pick<Field, 'label' | 'hint'> {
  const both = (text: string): Field['label'] => ({ id: text, en: text })
  return { label: label ?? both(title ?? name), hint: hint ?? (description === undefined ? null : both(description)) }
}

function fieldOf(name: string, given: JsonSchema): Field[] {
  const { schema, optional } = inner(given)
  const kind = kindOf(schema)
  if (kind === null) return []
  return [{
    name,
    ...wordsOf(name, schema),
    kind,
    required: !optional && kind !== 'text' && kind !== 'long_text',
    choices: (schema.enum ?? []).map((value) => ({ value: String(value), label: { id: String(value), en: String(value) } })),
    resource: null,
    least: schema.minimum ?? null,
    most: schema.maximum ?? null,
    longest: schema.maxLength ?? 2000,
    unit: null,
    default: null,
    typed: true,
    in_list: false,
  }]
}

export function settingsFields(schema: JsonSchema): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => fieldOf(name, part))
}

/** What was typed as the module takes it: an empty text is '' where its setting knows no null. */
export function sentSettings(schema: JsonSchema, values: Values): Values {
  const empty = (name: string): Value => {
    const part = schema.properties?.[name]
    return part !== undefined && !inner(part).optional && part.type === 'string' ? '' : null
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? empty(name)]))
}

/** Settings that the form does not show; they are sent back as they are. */
export function untouched(schema: JsonSchema, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = new Set(settingsFields(schema).map(({ name }) => name))
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !shown.has(name)))
}

export function typedSettings(fields: readonly Field[], settings: Readonly<Record<string, unknown>>, language: string): Typed {
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = settings[name] as Value | undefined
      const text = value === null || value === undefined || typeof value === 'object' ? '' : String(value)
      return [name, kind === 'integer' || kind === 'decimal' ? decimalText(text, language) : text]
    }),
  )
}
