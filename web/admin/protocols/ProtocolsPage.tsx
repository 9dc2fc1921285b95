/** Protocols as the centre edits them: the list, and one at work. */
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, ShapeMark } from '@/lib/ui'
import admin from '../admin.module.css'
import { go } from '../navigation'
import { editor, type Edited } from './api'
import { ProtocolEditor } from './ProtocolEditor'
import styles from './protocols.module.css'

export function ProtocolsPage({ chosen, user }: { chosen: string | null; user: UserView }): ReactNode {
  const { t } = useTranslation('admin')
  const all = useQuery({ queryKey: ['protocol-editor'], queryFn: ({ signal }) => editor.all({ signal }) })
  const unsigned = (all.data ?? []).filter((one) => one.signed_off === null).length
  return (
    <div className={admin.page}>
      <header className={admin.top}>
        <h1 tabIndex={-1}>{t('protocols.title')}<small>{t('protocols.hint')}</small></h1>
        <span className={admin.grow} />
        {chosen !== null && <Button variant="default" onClick={() => { go({ at: 'protocols', code: null }) }}>{t('protocols.back')}</Button>}
      </header>
      {unsigned > 0 && <p className={styles.unsigned} role="note">{t('protocols.unsignedCount', { count: unsigned })}</p>}
      {chosen === null
        ? <List all={all.data ?? null} failed={all.isError} />
        : <Chosen key={chosen} code={chosen} user={user} />}
    </div>
  )
}

function Chosen({ code, user }: { code: string; user: UserView }): ReactNode {
  const [round, setRound] = useState(0)
  const state = useQuery({ queryKey: ['protocol-editor', code], queryFn: ({ signal }) => editor.one(code, { signal }), refetchOnWindowFocus: false })
  if (state.data === undefined) return state.isError ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader m="md" />
  return <ProtocolEditor key={round} state={state.data} user={user} onReplaced={() => { setRound(round + 1) }} />
}

function List({ all, failed }: { all: readonly Edited[] | null; failed: boolean }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  if (all === null) return failed ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader m="md" />
  const head = ['name', 'code', 'inForce', 'draft', 'signature'] as const
  return (
    <div className={admin.listBox}>
      <table className={`${admin.table} ${admin.rows}`}>
        <thead><tr>{head.map((key) => <th key={key} scope="col"><span>{t(`protocols.${key}`)}</span></th>)}</tr></thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.code} data-row onClick={() => { go({ at: 'protocols', code: one.code }) }}>
              <td data-title>
                <a href={`#/-/protocols/${encodeURIComponent(one.code)}`} onClick={(event) => { event.preventDefault() }}>
                  {one.name === null ? one.code : inLanguage(one.name, i18n.language)}
                </a>
              </td>
              <td data-label={t('protocols.code')}>{one.code}</td>
              <td data-label={t('protocols.inForce')}>{one.number === null ? (one.version === null ? '–' : t('protocols.shipped')) : t('protocols.number', { number: one.number })}</td>
              <td data-label={t('protocols.draft')}>{one.draft ? t('yes') : t('no')}</td>
              <td data-label={t('protocols.signature')}><Signed signoff={one.signed_off} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function Signed({ signoff }: { signoff: Edited['signed_off'] }): ReactNode {
  const { t } = useTranslation('admin')
  return (
    <span className={admin.state}>
      <ShapeMark shape={signoff === null ? 'ring' : 'circle'} hue={signoff === null ? 'high' : 'ready'} size={10} />{' '}
      {signoff === null ? t('protocols.unsigned') : t('protocols.signedBy', { name: signoff.name, title: signoff.title })}
    </span>
  )
}
