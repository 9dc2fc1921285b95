/** The sheets on this device that have not arrived yet. */
import { Alert, Button } from '@mantine/core'
import { IconSend, IconTrash } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, ShapeMark } from '@/lib/ui'
import styles from '../admin.module.css'
import { decimalText } from '../fields/numbers'
import { momentText } from '../fields/show'
import { isPoint, momentToWita, pointText, type Typed } from '../fields/typed'
import type { Value } from '../model'
import { sheetSender, useWaiting } from './sender'
import type { WaitingSheet } from './waiting'

export function WaitingPage({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation('admin')
  const sheets = useWaiting().filter((sheet) => sheet.user === user.id)
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{t('sheet.waiting')}<small>{t('sheet.waitingHint')}</small></h1>
        <span className={styles.grow} />
        <Button leftSection={<IconSend size={14} />} onClick={() => { sheetSender.hurry() }}>{t('sheet.sendNow')}</Button>
      </header>
      <div className={styles.scroll}>
        {sheets.length === 0 ? <EmptyState loaded>{t('sheet.noneWaits')}</EmptyState> : (
          <div className={styles.cards}>{sheets.map((sheet) => <SheetCard key={sheet.key} sheet={sheet} />)}</div>
        )}
      </div>
    </div>
  )
}

function SheetCard({ sheet }: { sheet: WaitingSheet }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const stopped = sheet.state === 'stopped'
  return (
    <div className={styles.card}>
      <span className={styles.state}>
        <ShapeMark shape={stopped ? 'octagon' : 'hourglass'} hue={stopped ? 'critical' : 'high'} />
        {stopped ? t('sheet.stopped') : t('sheet.waits')}
      </span>
      <b>{inLanguage(sheet.label, i18n.language)} · {sheet.about}</b>
      <span className={styles.dim}>
        {t('sheet.boxes', { count: Object.keys(sheet.body.entries).length })} · {momentText(new Date(sheet.at).toISOString(), i18n.language)}
      </span>
      {sheet.said !== '' && <span>{sheet.said}</span>}
      <span className={styles.grow} />
      {stopped && <ConfirmJumps sheet={sheet} />}
      <DropButton sheet={sheet} />
    </div>
  )
}

function ConfirmJumps({ sheet }: { sheet: WaitingSheet }): ReactNode {
  const { t } = useTranslation('admin')
  return (
    <Button variant="default" onClick={() => { sheetSender.again(sheet.key, sheet.jumps) }}>
      {sheet.jumps.length > 0 ? t('sheet.confirmJumps', { count: sheet.jumps.length }) : t('retry', { ns: 'common' })}
    </Button>
  )
}

/** Asks before it throws work away. */
function DropButton({ sheet }: { sheet: WaitingSheet }): ReactNode {
  const { t } = useTranslation('admin')
  const [sure, setSure] = useState(false)
  if (!sure) return <Button variant="subtle" leftSection={<IconTrash size={14} />} onClick={() => { setSure(true) }}>{t('sheet.drop')}</Button>
  return <Button color="alert" onClick={() => { sheetSender.remove(sheet.key) }}>{t('sheet.dropSure')}</Button>
}

function headText(value: Value, language: string): string {
  if (value === null) return ''
  if (isPoint(value)) return pointText(value)
  const text = String(value)
  if (typeof value === 'number') return decimalText(text, language)
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? momentToWita(text) : text
}

interface StoppedProps {
  sheet: WaitingSheet
  /** Puts what was typed back into the boxes. */
  onRepair: (entries: Typed, head: Typed) => void
}

/** A sheet that the centre refused, above the form that it came from. */
export function StoppedSheet({ sheet, onRepair }: StoppedProps): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const repair = (): void => {
    const entries = Object.entries(sheet.body.entries).map(([key, value]) => [key, decimalText(value, i18n.language)])
    const head = Object.entries(sheet.body.head).map(([name, value]) => [name, headText(value, i18n.language)])
    onRepair(Object.fromEntries(entries) as Typed, Object.fromEntries(head) as Typed)
    sheetSender.remove(sheet.key)
  }
  return (
    <Alert color="alert" role="alert" mb="sm" title={t('sheet.stoppedTitle', { about: sheet.about })}>
      <p>{sheet.jumps.length > 0 ? t('sheet.jumpsFound', { count: sheet.jumps.length }) : sheet.said}</p>
      <div className={styles.inline}>
        <Button onClick={repair}>{t('sheet.repair')}</Button>
        {sheet.jumps.length > 0 && <ConfirmJumps sheet={sheet} />}
        <DropButton sheet={sheet} />
      </div>
    </Alert>
  )
}
