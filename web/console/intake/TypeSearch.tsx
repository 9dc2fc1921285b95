import { TextInput } from '@mantine/core'
import { useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProtocolView } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import { KeyHint } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS } from '../keys'
import { findTypes } from './search'

interface TypeSearchProps {
  inputRef: Ref<HTMLInputElement>
  types: readonly ProtocolView[]
  chosen: ProtocolView | null
  onChoose: (type: ProtocolView) => void
}

/** The type by what the caller says; arrow keys and Enter, or a click on one of the frequent ones. */
export function TypeSearch({ inputRef, types, chosen, onChoose }: TypeSearchProps): ReactNode {
  const { t, i18n } = useTranslation('console')
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const [open, setOpen] = useState(false)
  const found = findTypes(types, query, i18n.language)
  const choose = (type: ProtocolView | undefined): void => {
    if (type === undefined) return
    setQuery('')
    setOpen(false)
    onChoose(type)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter') choose(found[at])
    else if (event.key === 'Escape') setOpen(false)
    else return
    event.preventDefault()
    if (event.key !== 'Escape' && event.key !== 'Enter') setOpen(true)
  }
  const showList = open || chosen === null
  return (
    <div className={styles.field}>
      <TextInput
        ref={inputRef}
        classNames={chosen === null ? {} : { input: styles.chosen ?? '' }}
        value={query}
        aria-label={t('intake.type')}
        placeholder={chosen === null ? t('intake.typeAsk') : inLanguage(chosen.name, i18n.language)}
        rightSection={<KeyHint>{KEYS.type}</KeyHint>}
        rightSectionWidth={44}
        onChange={(event) => {
          setQuery(event.currentTarget.value)
          setAt(0)
          setOpen(true)
        }}
        onKeyDown={press}
        onBlur={() => setOpen(false)}
      />
      {showList && (
        <div className={styles.types} role="listbox">
          {found.map((type, index) => (
            <button
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              key={type.code}
              className={index === at && query !== '' ? styles.typeAt : styles.type}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(type)}
            >
              {inLanguage(type.name, i18n.language)}
            </button>
          ))}
          {found.length === 0 && <span className={styles.dim}>{t('intake.noType', { query })}</span>}
        </div>
      )}
    </div>
  )
}
