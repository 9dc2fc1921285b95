import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { dropDraft, keepDraft } from './drafts'
import { faultsOf } from './faults'
import { decimalText } from './fields/numbers'
import { parseForm, sameTyped, type Flaw, type Typed } from './fields/typed'
import type { Field, Values } from './model'

export interface FieldsState {
  typed: Typed
  set: (name: string, text: string) => void
  /** What is wrong with a field, in words. */
  faultOf: (name: string) => string | undefined
  /** What is wrong with no field in particular. */
  general: readonly string[]
  dirty: boolean
  /** The values, or null after marking what is wrong and going to the first box of it. */
  check: () => Values | null
  /** Takes the server's faults over; false when the failure was of another kind. */
  take: (error: unknown) => boolean
  reset: (typed: Typed) => void
}

interface Options {
  fields: readonly Field[]
  initial: Typed
  /** What was typed before a reload. */
  restored?: Typed | null
  /** Name under which what is typed is kept; none: it is not kept. */
  draft?: string
  version?: number | null
}

/** The first box that is wrong, once the marks are drawn. */
function focusFirstFault(): void {
  requestAnimationFrame(() => { document.querySelector<HTMLElement>('main [aria-invalid="true"], [role="dialog"] [aria-invalid="true"]')?.focus() })
}

function useFlawText(): (flaw: Flaw) => string {
  const { t, i18n } = useTranslation('admin')
  return (flaw) => {
    if (flaw.why === 'least' || flaw.why === 'most') return t(`flaw.${flaw.why}`, { limit: decimalText(flaw.limit, i18n.language) })
    if (flaw.why === 'longest') return t('flaw.longest', { limit: flaw.limit })
    return t(`flaw.${flaw.why}`)
  }
}

export function useFields({ fields, initial, restored, draft, version = null }: Options): FieldsState {
  const { i18n } = useTranslation()
  const [start, setStart] = useState(initial)
  const [typed, setTyped] = useState(restored ?? initial)
  const [flaws, setFlaws] = useState<Record<string, Flaw>>({})
  const [said, setSaid] = useState<Record<string, string>>({})
  const flawText = useFlawText()
  const dirty = !sameTyped(typed, start)
  useEffect(() => {
    if (draft === undefined) return
    if (dirty) keepDraft(draft, { typed, version, at: Date.now() })
    else dropDraft(draft)
  }, [draft, typed, dirty, version])

  const set = useCallback((name: string, text: string) => {
    setTyped((before) => ({ ...before, [name]: text }))
    setFlaws((before) => without(before, name))
    setSaid((before) => without(before, name))
  }, [])
  const general = useMemo(() => {
    const names = new Set(fields.map(({ name }) => name))
    return Object.entries(said).filter(([name]) => !names.has(name)).map(([, text]) => text)
  }, [said, fields])
  return {
    typed,
    set,
    general,
    dirty,
    faultOf: (name) => {
      const flaw = flaws[name]
      return flaw === undefined ? said[name] : flawText(flaw)
    },
    check: () => {
      const { values, flaws: found } = parseForm(fields, typed, i18n.language)
      setFlaws(found)
      if (Object.keys(found).length === 0) return values
      focusFirstFault()
      return null
    },
    take: (error) => {
      const faults = faultsOf(error)
      setSaid(Object.fromEntries(faults.map(({ field, message }) => [field, inLanguage(message, i18n.language)])))
      if (faults.length > 0) focusFirstFault()
      return faults.length > 0
    },
    reset: (next) => {
      setStart(next)
      setTyped(next)
      setFlaws({})
      setSaid({})
      if (draft !== undefined) dropDraft(draft)
    },
  }
}

function without<T>(record: Record<string, T>, name: string): Record<string, T> {
  return name in record ? Object.fromEntries(Object.entries(record).filter(([key]) => key !== name)) : record
}
