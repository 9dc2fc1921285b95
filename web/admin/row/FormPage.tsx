/** One form that does one thing and is not a row's. */
import { Alert, Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { KeyHint, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins } from '../api'
import { readDraft } from '../drafts'
import { Fields } from '../Fields'
import { typedRow } from '../fields/typed'
import type { FormPage as Page, PluginView, Values } from '../model'
import { useGuard } from '../navigation'
import { useFields } from '../useFields'
import { useKeys } from '../useKeys'

export function FormPage({ plugin, page }: { plugin: PluginView; page: Page }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const draft = `${plugin.name}/${page.name}`
  const [kept] = useState(() => readDraft(draft, Date.now()))
  const [said, setSaid] = useState('')
  const initial = typedRow(page.fields, null, i18n.language)
  const form = useFields({ fields: page.fields, initial, restored: kept?.typed ?? null, draft })
  useGuard(form.dirty)
  const { run, busy } = useCommand((key: string, values: Values) => plugins.submit(plugin.name, page.name, values, { key }), {
    onDone: ({ message }) => {
      setSaid(inLanguage(message, i18n.language))
      form.reset(initial)
    },
    onError: form.take,
  })
  const send = (): void => {
    setSaid('')
    const values = form.check()
    if (values !== null) void run(values)
  }
  useKeys({ 'Ctrl+Enter': send })
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{inLanguage(page.label, i18n.language)}</h1>
      </header>
      <form className={styles.scroll} noValidate onSubmit={(event) => { event.preventDefault(); send() }}>
        {page.hint !== null && <p className={styles.dim}>{inLanguage(page.hint, i18n.language)}</p>}
        {kept !== null && form.dirty && <p className={styles.dim}>{t('draft.restored')}</p>}
        {said !== '' && <Alert color="green" role="status" mb="md">{said}</Alert>}
        <Fields plugin={plugin.name} fields={page.fields} form={form} />
        <div className={styles.inline}>
          <Button type="submit" loading={busy} rightSection={<span className={styles.key}><KeyHint>Ctrl+↵</KeyHint></span>}>{t('send')}</Button>
        </div>
      </form>
    </div>
  )
}
