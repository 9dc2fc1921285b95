/** The questions as a call-taker sees them, and what sample answers lead to. */
import { Button, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Answers, ProtocolView, Question } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import { PriorityBadge } from '@/lib/ui'
import type { Preview } from './api'
import styles from './protocols.module.css'

interface BenchProps {
  preview: Preview | null
  /** The last text without faults, while the present one has some. */
  protocol: ProtocolView | null
  answers: Answers
  onAnswers: (answers: Answers) => void
}

export function Bench({ preview, protocol, answers, onAnswers }: BenchProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  if (protocol === null) return <p className={styles.quiet}>{t('protocols.noPreview')}</p>
  const give = (question: string, answer: Answer | undefined): void => {
    const { [question]: _old, ...rest } = answers
    onAnswers(answer === undefined ? rest : { ...rest, [question]: answer })
  }
  const next = preview?.triage?.next_question ?? null
  return (
    <section className={styles.bench} aria-label={t('protocols.bench')}>
      <h2>{inLanguage(protocol.name, i18n.language)}</h2>
      <ol className={styles.questions}>
        {protocol.questions.map((question) => (
          <li key={question.id} data-next={question.id === next || undefined}>
            <span>{inLanguage(question.text, i18n.language)}</span>
            <Ask question={question} answer={answers[question.id]} onAnswer={(answer) => { give(question.id, answer) }} />
          </li>
        ))}
      </ol>
      <Button size="compact-xs" variant="default" onClick={() => { onAnswers({}) }}>{t('protocols.clearAnswers')}</Button>
      <Result preview={preview} />
    </section>
  )
}

interface AskProps {
  question: Question
  answer: Answer | undefined
  onAnswer: (answer: Answer | undefined) => void
}

function Ask({ question, answer, onAnswer }: AskProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const label = inLanguage(question.text, i18n.language)
  if (question.kind === 'number') {
    const read = (text: string): Answer | undefined => (/^\d{1,4}$/.test(text) ? Number(text) : undefined)
    return <TextInput size="xs" aria-label={label} inputMode="numeric" value={typeof answer === 'number' ? String(answer) : ''} onChange={(event) => { onAnswer(read(event.currentTarget.value.trim())) }} />
  }
  if (question.kind === 'free') {
    return <TextInput size="xs" aria-label={label} value={typeof answer === 'string' ? answer : ''} onChange={(event) => { onAnswer(event.currentTarget.value || undefined) }} />
  }
  const options = question.kind === 'yes_no'
    ? [{ value: true, label: t('yes') }, { value: false, label: t('no') }]
    : question.choices.map((choice) => ({ value: choice.value, label: inLanguage(choice.label, i18n.language) }))
  return (
    <span className={styles.options} role="group" aria-label={label}>
      {options.map((option) => (
        <Button
          key={String(option.value)}
          size="compact-xs"
          aria-pressed={answer === option.value}
          variant={answer === option.value ? 'filled' : 'default'}
          onClick={() => { onAnswer(answer === option.value ? undefined : option.value) }}
        >
          {option.label}
        </Button>
      ))}
    </span>
  )
}

function Result({ preview }: { preview: Preview | null }): ReactNode {
  const { t, i18n } = useTranslation(['admin', 'common'])
  const say = (text: { id: string; en: string }): string => inLanguage(text, i18n.language)
  if (preview?.refused != null) return <p className={styles.quiet} role="alert">{preview.refused}</p>
  const triage = preview?.triage ?? null
  if (triage === null) return null
  return (
    <div className={styles.result} role="status">
      <p><PriorityBadge priority={triage.priority} large /> <b>{triage.determinant}</b> {triage.determinant_text !== null && say(triage.determinant_text)}</p>
      <p>{triage.plan.length === 0 ? t('protocols.noPlan') : triage.plan.map((need) => `${need.count}× ${t(`common:capability.${need.capability}`)}`).join(', ')}</p>
      {triage.metronome !== null && <p>{t('protocols.metronome', { beats: triage.metronome })}</p>}
      {triage.red_flags.map((flag) => <p key={flag.id} className={styles.flag}>{say(flag)}</p>)}
      <ol>{triage.instructions.map((line) => <li key={line.id}>{say(line)}</li>)}</ol>
    </div>
  )
}
