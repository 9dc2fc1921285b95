/** A sheet from the bottom: ready reasons as big buttons, or words of one's own. */
import { FocusTrap, Textarea, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './responder.module.css'

interface ReasonSheetProps {
  title: string
  reasons: readonly string[]
  onChoose: (reason: string) => void
  onClose: () => void
}

/** The server takes at most this many characters of a note. */
const LONGEST = 500

export function ReasonSheet({ title, reasons, onChoose, onClose }: ReasonSheetProps): ReactNode {
  const { t } = useTranslation('responder')
  const [own, setOwn] = useState('')
  const text = own.trim()
  return (
    <div className={styles.scrim} onClick={onClose}>
      <FocusTrap>
        <div
          className={styles.sheet}
          role="dialog"
          aria-modal
          aria-label={title}
          onClick={(event) => { event.stopPropagation() }}
          onKeyDown={(event) => { if (event.key === 'Escape') onClose() }}
        >
          <h2>{title}</h2>
          {reasons.map((reason) => (
            <UnstyledButton key={reason} className={styles.reason} onClick={() => { onChoose(reason) }}>
              {reason}
            </UnstyledButton>
          ))}
          <Textarea
            size="md"
            autosize={false}
            rows={2}
            maxLength={LONGEST}
            placeholder={t('ownWords')}
            aria-label={t('ownWords')}
            value={own}
            onChange={(event) => { setOwn(event.currentTarget.value) }}
          />
          <div className={styles.sheetRow}>
            <UnstyledButton className={styles.plain} onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </UnstyledButton>
            <UnstyledButton className={styles.primary} disabled={text === ''} onClick={() => { onChoose(text) }}>
              {t('send')}
            </UnstyledButton>
          </div>
        </div>
      </FocusTrap>
    </div>
  )
}
