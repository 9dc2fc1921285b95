/** The installed modules: on, off or failed, since when and why; their settings. */
import { Alert, Button, Loader, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { EmptyState, errorText, ShapeMark, showDone, useCommand, type Token } from '@/lib/ui'
import styles from '../admin.module.css'
import { admin } from '../api'
import { Fields } from '../Fields'
import { momentText } from '../fields/show'
import type { ModuleView, Values } from '../model'
import { go, useGuard } from '../navigation'
import { useFields } from '../useFields'
import { useKeys } from '../useKeys'
import { sentSettings, settingsFields, typedSettings, untouched } from './schema'

const STATES: Readonly<Record<ModuleView['state'], Token>> = {
  on: { shape: 'circle', hue: 'ready' },
  off: { shape: 'ring', hue: 'quiet' },
  failed: { shape: 'octagon', hue: 'critical' },
}
/** A module may fail at any time; this page is looked at for that. */
const LOOK_EVERY_MS = 10_000

export function ModulesPage({ chosen }: { chosen: string | null }): ReactNode {
  const { t } = useTranslation('admin')
  const { data, isError, error } = useQuery({ queryKey: ['modules'], queryFn: ({ signal }) => admin.modules({ signal }), refetchInterval: LOOK_EVERY_MS })
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1 tabIndex={-1}>{t('modules.title')}<small>{t('modules.hint')}</small></h1>
      </header>
      <div className={styles.scroll}>
        {isError && <Alert color="alert" role="alert" mb="sm">{errorText(error).title}</Alert>}
        {data === undefined ? (isError ? <EmptyState loaded={false}>{null}</EmptyState> : <Loader />) : (
          <div className={styles.cards}>
            {data.length === 0 && <EmptyState loaded>{t('modules.none')}</EmptyState>}
            {data.map((module) => <ModuleCard key={module.name} module={module} open={module.name === chosen} />)}
          </div>
        )}
      </div>
    </div>
  )
}

function ModuleCard({ module, open }: { module: ModuleView; open: boolean }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const failedJobs = module.jobs.filter(({ fault }) => fault !== null)
  return (
    <section className={styles.card} aria-label={inLanguage(module.title, i18n.language)}>
      <h2>{inLanguage(module.title, i18n.language)}</h2>
      <span className={styles.dim}>{module.name} {module.version ?? ''}</span>
      <span className={styles.state}><ShapeMark {...STATES[module.state]} /> {t(`modules.state.${module.state}`)}</span>
      {module.since !== null && <span className={`${styles.dim} ${styles.cardSince}`}>{t('modules.since', { time: momentText(module.since, i18n.language) })}</span>}
      {module.faults > 0 && <span className={styles.state}><ShapeMark shape="triangle" hue="high" /> {t('modules.faults', { count: module.faults })}</span>}
      <span className={styles.grow} />
      {module.has_settings && (
        <Button variant="default" aria-expanded={open} onClick={() => { go({ at: 'modules', name: open ? null : module.name }) }}>{t('modules.settings')}</Button>
      )}
      <SwitchButton module={module} />
      <p className={styles.dim} style={{ flexBasis: '100%', margin: 0 }}>{inLanguage(module.summary, i18n.language)}</p>
      {module.message !== '' && <Alert color="alert" style={{ flexBasis: '100%' }}>{module.message}</Alert>}
      {failedJobs.map((job) => (
        <Alert key={job.name} color="yellow" style={{ flexBasis: '100%' }} title={t('modules.job', { name: job.name })}>{job.fault}</Alert>
      ))}
      {open && module.has_settings && <SettingsForm module={module} />}
    </section>
  )
}

function SwitchButton({ module }: { module: ModuleView }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const on = module.state === 'on'
  const title = inLanguage(module.title, i18n.language)
  const { run, busy } = useCommand((key: string, next: boolean) => admin.switch(module.name, next, { key }), {
    onDone: (_answer, next) => {
      setAsking(false)
      void client.invalidateQueries({ queryKey: ['modules'] })
      void client.invalidateQueries({ queryKey: ['plugins'] })
      showDone(t(next ? 'modules.isOn' : 'modules.isOff', { title }))
    },
  })
  return (
    <>
      <Button variant={on ? 'default' : 'filled'} onClick={() => { setAsking(true) }}>{on ? t('modules.off') : module.state === 'failed' ? t('modules.again') : t('modules.on')}</Button>
      <Modal opened={asking} onClose={() => { setAsking(false) }} title={t(on ? 'modules.offTitle' : 'modules.onTitle', { title })}>
        <p>{t(on ? 'modules.offText' : 'modules.onText')}</p>
        <div className={styles.inline}>
          <Button data-autofocus loading={busy} onClick={() => void run(!on)}>{on ? t('modules.off') : t('modules.on')}</Button>
          <Button variant="default" onClick={() => { setAsking(false) }}>{t('cancel', { ns: 'common' })}</Button>
        </div>
      </Modal>
    </>
  )
}

function SettingsForm({ module }: { module: ModuleView }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const client = useQueryClient()
  const [fields] = useState(() => settingsFields(module.settings_schema))
  const form = useFields({ fields, initial: typedSettings(fields, module.settings, i18n.language), draft: `-/modules/${module.name}` })
  useGuard(form.dirty)
  const { run, busy } = useCommand(
    (key: string, values: Values) => admin.settings(module.name, { ...untouched(module.settings_schema, module.settings), ...sentSettings(module.settings_schema, values) }, { key }),
    {
      onDone: () => {
        form.reset(form.typed)
        void client.invalidateQueries({ queryKey: ['modules'] })
        showDone(t('modules.settingsSaved'))
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
    <form style={{ flexBasis: '100%' }} noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Fields plugin={module.name} fields={fields} form={form} />
      <div className={styles.inline}><Button type="submit" loading={busy} disabled={!form.dirty}>{t('save', { ns: 'common' })}</Button></div>
    </form>
  )
}
