/** Pure: a stored value as people read it. */
import { inLanguage } from '@/lib/i18n'
import type { Field, Value } from '../model'
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

/** `shown`: what a reference or village is called. '–' where nothing is known. */
export function valueText(field: Field, value: Value | undefined, language: string, shown?: string): string {
  if (value === null || value === undefined || value === '') return '–'
  if (isPoint(value)) return pointText(value)
  const text = String(value)
  switch (field.kind) {
    case 'boolean':
      return (YES_NO[language] ?? ['ya', 'tidak'])[value === true ? 0 : 1]
    case 'money':
      return rupiah(text, language)
    case 'integer':
    case 'decimal':
      return withUnit(decimalText(text, language), field, language)
    case 'date':
      return dateText(text, language)
    case 'moment':
      return momentText(text, language)
    case 'time':
      return text.slice(0, 5)
    case 'choice':
      return choiceText(field, text, language)
    case 'reference':
    case 'village':
      return shown ?? text
    default:
      return text
  }
}

export const isNumeric = (field: Field): boolean => ['integer', 'decimal', 'money'].includes(field.kind)
