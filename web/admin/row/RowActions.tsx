/** What can be done with a row besides editing it: the plugin's own actions, archive and restore. */
import { Button, Modal } from '@mantine/core'
import { IconArchive, IconArchiveOff } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { records } from '../api'
import { Fields } from '../Fields'
import { typedRow } from '../fields/typed'
import type { ActionSpec, PluginView, ResourcePage, Row, Values } from '../model'
import { useFields } from '../useFields'
import { useKeys } from '../useKeys'

interface Props {
  plugin: PluginView
  page: ResourcePage
  row: Row
  /** Something is typed and not saved: an action would work on what is stored, so it waits. */
  dirty: boolean
  onDone: (row: Row) => void
}

export function RowActions(props: Props): ReactNode {
  const { page, row, dirty } = props
  const { t, i18n } = useTranslation('admin')
  const [open, setOpen] = useState<ActionSpec | null>(null)
  const offered = page.actions.filter(({ name }) => row.actions.includes(name))
  if (offered.length === 0 && !page.can_edit) return null
  return (
    <div className={styles.actions}>
      {offered.map((action) => (
        <Button key={action.name} variant="light" disabled={dirty} title={dirty ? t('saveFirst') : undefined} onClick={() => { setOpen(action) }}>
          {inLanguage(action.label, i18n.language)}
        </Button>
      ))}
      {page.can_edit && <ArchiveButton {...props} />}
      {open !== null && <ActionDialog {...props} action={open} onClose={() => { setOpen(null) }} />}
    </div>
  )
}

function ArchiveButton({ plugin, page, row, dirty, onDone }: Props): ReactNode {
  const { t } = useTranslation('admin')
  const restore = useCommand((key: string): Promise<Row> => records.restore(plugin.name, page.name, row.id, { key }), {
    onDone: (next) => {
      onDone(next)
      showDone(t('restored', { title: row.title }))
    },
  })
  const archive = useCommand((key: string): Promise<Row> => records.archive(plugin.name, page.name, row.id, { key }), {
    onDone: (next) => {
      onDone(next)
      showDone(t('archived', { title: row.title }), { label: t('undo'), run: () => { void restore.run() } })
    },
  })
  if (row.archived_at !== null) {
    return (
      <Button variant="default" leftSection={<IconArchiveOff size={14} />} loading={restore.busy} onClick={() => void restore.run()}>
        {t('restore')}
      </Button>
    )
  }
  return (
    <Button variant="default" leftSection={<IconArchive size={14} />} loading={archive.busy} disabled={dirty} title={dirty ? t('saveFirst') : undefined} onClick={() => void archive.run()}>
      {t('archive')}
    </Button>
  )
}

function ActionDialog({ plugin, page, row, action, onDone, onClose }: Props & { action: ActionSpec; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const form = useFields({ fields: action.fields, initial: typedRow(action.fields, null, i18n.language) })
  const { run, busy } = useCommand(
    (key: string, values: Values) => records.act(plugin.name, page.name, row.id, action.name, values, { key }),
    {
      onDone: ({ message, row: next }) => {
        onDone(next)
        showDone(inLanguage(message, i18n.language))
        onClose()
      },
      onError: form.take,
    },
  )
  const submit = (): void => {
    const values = form.check()
    if (values !== null) void run(values)
  }
  useKeys({ 'Ctrl+Enter': submit })
  return (
    <Modal opened onClose={onClose} title={`${inLanguage(action.label, i18n.language)}: ${row.title}`}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
        {action.confirm !== null && <p>{inLanguage(action.confirm, i18n.language)}</p>}
        <Fields plugin={plugin.name} fields={action.fields} form={form} />
        <div className={styles.inline}>
          <Button type="submit" loading={busy} data-autofocus={action.fields.length === 0 || undefined}>{inLanguage(action.label, i18n.language)}</Button>
          <Button variant="default" onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
        </div>
      </form>
    </Modal>
  )
}
