import { readKept } from '../kept'
import { valueText } from '../fields/show'
import { isPoint, pointText } from '../fields/typed'
import type { Field, Reference, Values } from '../model'

/** The head as a query carries it; what is empty is left out. */
export function wireHead(head: Values): Record<string, string> {
  const known = Object.entries(head).filter(([, value]) => value !== null && value !== '')
  return Object.fromEntries(known.map(([name, value]) => [name, isPoint(value) ? pointText(value) : String(value)]))
}

/** What a sheet is about, in words: 'Pasar Petung · 24 Nov 2026'. Names of rows are those that this device has kept. */
export function aboutOf(plugin: string, fields: readonly Field[], head: Values, language: string): string {
  const texts = fields.map((field) => {
    const value = head[field.name]
    const kept = field.kind === 'reference' ? readKept<Reference[]>(`choices.${plugin}.${field.resource ?? ''}`) : undefined
    return valueText(field, value, language, kept?.find(({ id }) => id === value)?.title)
  })
  return texts.filter((text) => text !== '–').join(' · ')
}
