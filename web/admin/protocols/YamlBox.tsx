/** A text with numbered lines; a faulty line is marked and its faults are listed below, each a way to it. */
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineFault } from './api'
import styles from './protocols.module.css'

const LINE_PX = 20
const INDENT = '  '

interface YamlBoxProps {
  value: string
  /** Null: not looked at yet. */
  faults: readonly LineFault[] | null
  onChange: (text: string) => void
}

export function YamlBox({ value, faults, onChange }: YamlBoxProps): ReactNode {
  const { t } = useTranslation('admin')
  const box = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const faulty = new Map((faults ?? []).map((fault) => [fault.line, fault]))
  const goTo = (line: number): void => {
    const area = box.current
    if (area === null) return
    const start = value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
    area.focus()
    area.setSelectionRange(start, start + (value.split('\n')[line - 1]?.length ?? 0))
    area.scrollTop = Math.max(0, (line - 6) * LINE_PX)
  }
  return (
    <div className={styles.yaml}>
      <div className={styles.text}>
        <div ref={gutter} className={styles.gutter} aria-hidden>
          {value.split('\n').map((_, index) => (
            <span key={index} data-faulty={faulty.has(index + 1) || undefined} title={faulty.get(index + 1)?.expected}>
              {faulty.has(index + 1) && '▸ '}
              {index + 1}
            </span>
          ))}
        </div>
        <textarea
          ref={box}
          aria-label={t('protocols.text')}
          aria-invalid={(faults?.length ?? 0) > 0}
          wrap="off"
          spellCheck={false}
          value={value}
          onScroll={() => { if (gutter.current !== null && box.current !== null) gutter.current.scrollTop = box.current.scrollTop }}
          onKeyDown={(event) => { indent(event, onChange) }}
          onChange={(event) => { onChange(event.currentTarget.value) }}
        />
      </div>
      <Faults faults={faults} onGo={goTo} />
    </div>
  )
}

/** Ctrl+] indents; Tab stays free to leave the box. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>, onChange: (text: string) => void): void {
  if (!event.ctrlKey || event.key !== ']') return
  event.preventDefault()
  const area = event.currentTarget
  area.setRangeText(INDENT, area.selectionStart, area.selectionEnd, 'end')
  onChange(area.value)
}

function Faults({ faults, onGo }: { faults: readonly LineFault[] | null; onGo: (line: number) => void }): ReactNode {
  const { t } = useTranslation('admin')
  if (faults === null) return <p className={styles.quiet}>{t('protocols.checking')}</p>
  if (faults.length === 0) {
    return <p className={styles.sound} role="status"><IconCircleCheck size={15} aria-hidden /> {t('protocols.sound')}</p>
  }
  return (
    <ul className={styles.faults} role="alert">
      {faults.map((fault) => (
        <li key={`${fault.line} ${fault.key} ${fault.expected}`}>
          <button type="button" onClick={() => { onGo(fault.line) }}>
            <IconAlertTriangle size={14} aria-hidden /> <b>{t('protocols.line', { line: fault.line })}</b> {fault.key}: {fault.expected}
          </button>
        </li>
      ))}
    </ul>
  )
}
