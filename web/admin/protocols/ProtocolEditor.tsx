/** One protocol: its text with faults, preview and bench, publishing, taking back, and the director's signature. */
import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answers, ProtocolView } from '@/lib/api'
import type { UserView } from '@/lib/events/generated'
import { showDone, Time, useCommand } from '@/lib/ui'
import { useGuard } from '../navigation'
import { editor, type EditorState, type Preview } from './api'
import { Bench } from './Bench'
import styles from './protocols.module.css'
import { Signed } from './ProtocolsPage'
import { YamlBox } from './YamlBox'

const CHECK_AFTER_MS = 350

function useLater<T>(value: T): T {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => { setLater(value) }, CHECK_AFTER_MS)
    return () => { clearTimeout(timer) }
  }, [value])
  return later
}

/** What the server makes of the text, and the last one that it could draw. */
function usePreview(code: string, text: string, answers: Answers): { preview: Preview | null; drawn: ProtocolView | null } {
  const later = useLater(text)
  const [drawn, setDrawn] = useState<ProtocolView | null>(null)
  const { data } = useQuery({
    queryKey: ['protocol-preview', code, later, answers],
    queryFn: ({ signal }) => editor.preview(code, later, answers, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  })
  const protocol = data?.protocol ?? null
  if (protocol !== null && protocol !== drawn) setDrawn(protocol)
  return { preview: data ?? null, drawn: protocol ?? drawn }
}

interface EditorProps {
  state: EditorState
  user: UserView
  /** Another text is in force or was thrown away: begin anew. */
  onReplaced: () => void
}

export function ProtocolEditor({ state, user, onReplaced }: EditorProps): ReactNode {
  const stored = state.draft_text ?? state.in_force ?? ''
  const [text, setText] = useState(stored)
  const [saved, setSaved] = useState({ text: stored, revision: state.draft?.revision ?? 0 })
  const [answers, setAnswers] = useState<Answers>({})
  const { preview, drawn } = usePreview(state.code, text, answers)
  useGuard(text !== saved.text)
  return (
    <div className={styles.editor}>
      <div className={styles.left}>
        <Acts state={state} text={text} saved={saved} sound={preview?.faults.length === 0} onSaved={setSaved} onReplaced={onReplaced} />
        <YamlBox value={text} faults={preview?.faults ?? null} onChange={setText} />
      </div>
      <div className={styles.right}>
        <Bench preview={preview} protocol={drawn} answers={answers} onAnswers={setAnswers} />
        <Signature state={state} maySign={user.roles.includes('admin')} />
        <History state={state} onReplaced={onReplaced} />
      </div>
    </div>
  )
}

interface Saved {
  text: string
  revision: number
}

function useRefresh(code: string): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await client.invalidateQueries({ queryKey: ['protocol-editor', code] })
    await client.invalidateQueries({ queryKey: ['protocol-editor'] })
  }
}

interface ActsProps {
  state: EditorState
  text: string
  saved: Saved
  sound: boolean
  onSaved: (saved: Saved) => void
  onReplaced: () => void
}

function Acts({ state, text, saved, sound, onSaved, onReplaced }: ActsProps): ReactNode {
  const { t } = useTranslation('admin')
  const refresh = useRefresh(state.code)
  const save = useCommand((key, written: string) => editor.save(state.code, written, saved.revision, { key }), {
    onDone: (version, written) => {
      onSaved({ text: written, revision: version.revision })
      showDone(t('protocols.saved'))
      void refresh()
    },
  })
  const publish = useCommand((key, revision: number) => editor.publish(state.code, revision, { key }), {
    onDone: () => {
      showDone(t('protocols.published'))
      void refresh().then(onReplaced)
    },
  })
  const discard = useCommand((key, revision: number) => editor.discard(state.code, revision, { key }), {
    onDone: () => { void refresh().then(onReplaced) },
  })
  const dirty = text !== saved.text
  return (
    <div className={styles.acts}>
      <b>{state.code}</b>
      <Button variant="default" disabled={!dirty} loading={save.busy} onClick={() => void save.run(text)}>{t('protocols.save')}</Button>
      <Button disabled={dirty || saved.revision === 0 || !sound} loading={publish.busy} onClick={() => void publish.run(saved.revision)}>{t('protocols.publish')}</Button>
      {saved.revision > 0 && <Button variant="subtle" color="gray" disabled={dirty} loading={discard.busy} onClick={() => void discard.run(saved.revision)}>{t('protocols.discard')}</Button>}
    </div>
  )
}

function Signature({ state, maySign }: { state: EditorState; maySign: boolean }): ReactNode {
  const { t } = useTranslation('admin')
  const refresh = useRefresh(state.code)
  const [name, setName] = useState('')
  const [title, setTitle] = useState('')
  const sign = useCommand((key) => editor.sign(state.code, state.version ?? '', name.trim(), title.trim(), { key }), {
    onDone: () => {
      showDone(t('protocols.signed'))
      void refresh()
    },
  })
  return (
    <section className={styles.box} aria-label={t('protocols.signature')}>
      <h2>{t('protocols.signature')}</h2>
      <Signed signoff={state.signed_off} />
      {state.signed_off === null && state.version !== null && maySign && (
        <form onSubmit={(event) => { event.preventDefault(); void sign.run() }}>
          <TextInput label={t('protocols.director')} value={name} maxLength={200} onChange={(event) => { setName(event.currentTarget.value) }} />
          <TextInput label={t('protocols.office')} value={title} maxLength={200} onChange={(event) => { setTitle(event.currentTarget.value) }} />
          <Button type="submit" mt="xs" loading={sign.busy} disabled={name.trim() === '' || title.trim() === ''}>{t('protocols.sign', { version: state.version })}</Button>
        </form>
      )}
    </section>
  )
}

function History({ state, onReplaced }: { state: EditorState; onReplaced: () => void }): ReactNode {
  const { t } = useTranslation('admin')
  const refresh = useRefresh(state.code)
  const back = useCommand((key, number: number | null) => editor.rollBack(state.code, number, { key }), {
    onDone: () => {
      showDone(t('protocols.rolledBack'))
      void refresh().then(onReplaced)
    },
  })
  return (
    <section className={styles.box} aria-label={t('protocols.history')}>
      <h2>{t('protocols.history')}</h2>
      <ul className={styles.history}>
        {state.versions.map((one) => (
          <li key={one.number}>
            <b>{t('protocols.number', { number: one.number })}</b> {t(`protocols.state.${one.state}`)} · {one.published_by_name ?? one.by_name} · <Time at={one.published_at ?? one.at} />
            {one.state === 'retired' && <Button size="compact-xs" variant="default" loading={back.busy} onClick={() => void back.run(one.number)}>{t('protocols.rollBack')}</Button>}
          </li>
        ))}
        {state.shipped && (
          <li>
            <b>{t('protocols.shipped')}</b> {state.number === null && t('protocols.state.published')}
            {state.number !== null && <Button size="compact-xs" variant="default" loading={back.busy} onClick={() => void back.run(null)}>{t('protocols.rollBack')}</Button>}
          </li>
        )}
      </ul>
    </section>
  )
}
