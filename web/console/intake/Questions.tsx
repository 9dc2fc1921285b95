/** The protocol's questions, one at a time, answered by a digit, Y or T. */
import { Button, TextInput } from '@mantine/core'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Answers, ProtocolView, Question, TriageResult } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import { KeyHint } from '@/lib/ui'
import styles from '../console.module.css'

interface QuestionsProps {
  protocol: ProtocolView
  answers: Answers
  triage: TriageResult | null
  /** The evaluator is being asked: `triage` is of the answers before. */
  pending: boolean
  onAnswer: (question: string, answer: Answer) => void
  /** Where the hands go when no question is left. */
  onDone: () => void
}

export function Questions({ protocol, answers, triage, pending, onAnswer, onDone }: QuestionsProps): ReactNode {
  const { t, i18n } = useTranslation('console')
  const [editing, setEditing] = useState<string | null>(null)
  const current = editing ?? (pending ? null : (triage?.next_question ?? null))
  const question = protocol.questions.find(({ id }) => id === current) ?? null
  const answered = protocol.questions.filter(({ id }) => answers[id] !== undefined && id !== current)
  const give = (answer: Answer): void => {
    if (question === null) return
    onAnswer(question.id, answer)
    setEditing(null)
  }
  return (
    <div className={styles.questions}>
      {answered.map((past) => (
        <button type="button" key={past.id} className={styles.answered} onClick={() => setEditing(past.id)}>
          <span className={styles.dim}>{inLanguage(past.text, i18n.language)}</span>
          <b>{answerText(past, answers[past.id], i18n.language, t('intake.yes'), t('intake.no'))}</b>
        </button>
      ))}
      {question !== null && (
        <div className={styles.question}>
          <p>{inLanguage(question.text, i18n.language)}</p>
          <Ask key={question.id} question={question} held={answers[question.id]} onAnswer={give} />
        </div>
      )}
      {question === null && triage !== null && !pending && <AllAsked onDone={onDone} />}
    </div>
  )
}

/** Once, when the last question was answered by key: the hands go on to the place. */
function AllAsked({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('console')
  const moveOn = useEffectEvent(() => {
    if (document.activeElement === document.body) onDone()
  })
  useEffect(() => moveOn(), [])
  return <span className={styles.dim}>{t('intake.allAsked')}</span>
}

export function answerText(
  question: Question,
  answer: Answer | undefined,
  language: string,
  yes: string,
  no: string,
): string {
  if (answer === undefined) return ''
  if (typeof answer === 'boolean') return answer ? yes : no
  const choice = question.choices.find(({ value }) => value === answer)
  return choice === undefined ? String(answer) : inLanguage(choice.label, language)
}

interface AskProps {
  question: Question
  held: Answer | undefined
  onAnswer: (answer: Answer) => void
}

function Ask({ question, held, onAnswer }: AskProps): ReactNode {
  return question.kind === 'choice' || question.kind === 'yes_no' ? (
    <Choices question={question} held={held} onAnswer={onAnswer} />
  ) : (
    <Typed question={question} held={held} onAnswer={onAnswer} />
  )
}

/** A question that comes late must not take the letters that somebody is typing elsewhere. */
function takeIdleFocus(element: HTMLElement | null): void {
  if (document.activeElement === document.body) element?.focus()
}

interface Option {
  answer: Answer
  label: string
  key: string
}

function useOptions(question: Question): Option[] {
  const { t, i18n } = useTranslation('console')
  if (question.kind === 'yes_no') {
    return [
      { answer: true, label: t('intake.yes'), key: 'Y' },
      { answer: false, label: t('intake.no'), key: 'T' },
    ]
  }
  return question.choices.map(({ value, label }, index) => ({
    answer: value,
    label: inLanguage(label, i18n.language),
    key: String(index + 1),
  }))
}

function Choices({ question, held, onAnswer }: AskProps): ReactNode {
  const options = useOptions(question)
  const group = useRef<HTMLDivElement>(null)
  useEffect(() => takeIdleFocus(group.current), [])
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const key = event.key.toUpperCase() === 'N' ? 'T' : event.key.toUpperCase()
    const option = options.find((one) => one.key === key)
    if (option === undefined) return
    event.preventDefault()
    onAnswer(option.answer)
  }
  return (
    <div ref={group} className={styles.choices} tabIndex={-1} role="radiogroup" onKeyDown={press}>
      {options.map(({ answer, label, key }) => (
        <Button
          key={key}
          size="xs"
          role="radio"
          aria-checked={held === answer}
          variant={held === answer ? 'filled' : 'default'}
          justify="space-between"
          onClick={() => onAnswer(answer)}
          rightSection={<KeyHint>{key}</KeyHint>}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

function Typed({ question, held, onAnswer }: AskProps): ReactNode {
  const { t } = useTranslation('console')
  const [text, setText] = useState(held === undefined ? '' : String(held))
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => takeIdleFocus(input.current), [])
  const isNumber = question.kind === 'number'
  const give = (): void => {
    const trimmed = text.trim()
    if (trimmed === '') return
    if (!isNumber) onAnswer(trimmed)
    else if (Number.isFinite(Number(trimmed))) onAnswer(Number(trimmed))
  }
  return (
    <TextInput
      value={text}
      ref={input}
      aria-label={t('intake.answer')}
      inputMode={isNumber ? 'numeric' : 'text'}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') give()
      }}
      rightSection={<KeyHint>Enter</KeyHint>}
      rightSectionWidth={56}
    />
  )
}
