/** What happened, in words and WITA; and notes, which become part of it. */
import { TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents, type TimelineItem } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { useEventText, useTimeline } from '@/lib/timeline'
import { EmptyState, KeyHint, Time, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { KEYS, useKeys } from '../keys'

export function Timeline({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation('console')
  const { nameOf } = useDesk()
  const words = useEventText()
  const { items, failed } = useTimeline(incident.id)
  const count = items?.length ?? 0
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Newer browsers return a promise, which must not pass for a clean-up.
    void end.current?.scrollIntoView({ block: 'nearest' })
  }, [count])
  return (
    <div className={styles.timeline}>
      <div className={styles.timelineScroll}>
        {items === null && <EmptyState loaded={!failed}>{t('timeline.loading')}</EmptyState>}
        {items?.map((item) => (
          <div key={item.seq} className={item.type === 'incident.noted' ? styles.eventNote : styles.event}>
            <Time at={item.at} />
            <span>{words(item)}</span>
            <span className={styles.dim}>{actorOf(item, nameOf)}</span>
          </div>
        ))}
        <div ref={end} />
      </div>
      <NoteBox incidentId={incident.id} />
    </div>
  )
}

const actorOf = (item: TimelineItem, nameOf: (id: string | null) => string | null): string =>
  item.actor_name ?? nameOf(item.actor) ?? ''

function NoteBox({ incidentId }: { incidentId: string }): ReactNode {
  const { t } = useTranslation('console')
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const note = useCommand((key, words: string) => incidents.note(incidentId, words, { key }), {
    onDone: () => setText(''),
  })
  useKeys({ note: () => input.current?.focus() })
  return (
    <TextInput
      ref={input}
      className={styles.note}
      value={text}
      maxLength={2000}
      disabled={note.busy}
      aria-label={t('timeline.note')}
      placeholder={t('timeline.note')}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && text.trim() !== '') void note.run(text.trim())
      }}
      rightSection={<KeyHint>{KEYS.note}</KeyHint>}
      rightSectionWidth={56}
    />
  )
}
