/** Indonesian (default) and English. A face passes its own namespaces to `setupI18n`; `common` is always there. */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Text } from '@/lib/api/types'
import enCommon from './en/common.json'
import idCommon from './id/common.json'

export type Language = 'id' | 'en'
export const LANGUAGES: readonly Language[] = ['id', 'en']

const STORED = 'siaga.language'

/** Texts of one face by namespace, e.g. `{ console: { id: …, en: … } }`. */
export type FaceTexts = Record<string, Record<Language, object>>

export function setupI18n(face: FaceTexts = {}): i18n {
  const resources = { id: { common: idCommon as object }, en: { common: enCommon as object } }
  for (const [namespace, texts] of Object.entries(face)) {
    Object.assign(resources.id, { [namespace]: texts.id })
    Object.assign(resources.en, { [namespace]: texts.en })
  }
  const stored = localStorage.getItem(STORED)
  void i18next.use(initReactI18next).init({
    resources,
    lng: stored === 'en' ? 'en' : 'id',
    fallbackLng: 'id',
    defaultNS: 'common',
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  })
  document.documentElement.lang = i18next.language
  return i18next
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'id'
}

export function setLanguage(language: Language): void {
  localStorage.setItem(STORED, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}

/** The text of the centre's data (protocols, reasons) in the screen's language. */
export function inLanguage(text: Text | null | undefined, language: string): string {
  if (text === null || text === undefined) return ''
  return language === 'en' ? text.en : text.id
}
