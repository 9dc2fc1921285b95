/** Pure: a stored value as people read it. */
import { inLanguage } from '@/lib/i18n'
import type { Field, Kind, Value } from '../model'
import { decimalText, rupiah } from './numbers'
import { isPoint, momentToWita, pointText } from './typed'

const MONTHS: Record<string, readonly string[]> = {
  id: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
}

/** '2026-11-04' → '4 Nov 2026' */
export function dateText(date: string, language: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(date)
  const month = (MONTHS[language] ?? MONTHS.id)?.[Number(found?.[2]) - 1]
  return found === null || month === undefined ? date : `${Number(found[3])} ${month} ${found[1]}`
}

/** '4 Nov 2026 14.03' in WITA. */
export function momentText(iso: string, language: string): string {
  const local = momentToWita(iso)
  return local === '' ? iso : `${dateText(local, language)} ${local.slice(11)}`
}

const withUnit = (text: string, field: Field, language: string): string =>
  field.unit === null ? text : `${text} ${inLanguage(field.unit, language)}`

export function choiceText(field: Field, value: string, language: string): string {
  const choice = field.choices.find((one) => one.value === value)
  return choice === undefined ? value : inLanguage(choice.label, language)
}

const YES_NO: Record<string, readonly [string, string]> = { id: ['ya', 'tidak'], en: ['yes', 'no'] }

type Writer = (text: string, field: Field, language: string) => string

const quantity: Writer = (text, field, language) => withUnit(decimalText(text, language), field, language)

const WRITERS: Partial<Record<Kind, Writer>> = {
  boolean: (text, _field, language) => (YES_NO[language] ?? ['ya', 'tidak'])[text === 'true' ? 0 : 1],
  money: (text, _field, language) => rupiah(text, language),
  integer: quantity,
  decimal: quantity,
  date: (text, _field, language) => dateText(text, language),
  moment: (text, _field, language) => momentText(text, language),
  time: (text) => text.slice(0, 5),
  choice: (text, field, language) => choiceText(field, text, language),
}

/** `shown`: what a reference or village is called. '–' where nothing is known. */
export function valueText(field: Field, value: Value | undefined, language: string, shown?: string): string {
  if (value === null || value === undefined || value === '') return '–'
  if (isPoint(value)) return pointText(value)
  const text = String(value)
  const write = WRITERS[field.kind]
  return write === undefined ? (shown ?? text) : write(text, field, language)
}

export const isNumeric = (field: Field): boolean => ['integer', 'decimal', 'money'].includes(field.kind)
