import { Alert, Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import { KeyHint, showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { admin, type PersonEdit } from '../api'
import { faultsOf } from '../faults'
import type { ModuleView, PersonView } from '../model'
import { useGuard } from '../navigation'
import { useKeys } from '../useKeys'
import { roleName, ROLES } from './roles'

interface Props {
  /** Null: a new one. */
  person: PersonView | null
  modules: readonly ModuleView[]
  onClose: () => void
}

const LEAST_PASSWORD = 10

const with_ = (list: readonly string[], name: string, on: boolean): string[] =>
  on ? [...list.filter((one) => one !== name), name] : list.filter((one) => one !== name)

const editOf = (person: PersonView | null): PersonEdit => ({
  display_name: person?.display_name ?? '',
  roles: person?.roles ?? ['officer'],
  grants: person?.grants ?? [],
  disabled: person?.disabled ?? false,
})

const isWhole = (username: string, password: string): boolean => username.trim() !== '' && password.length >= LEAST_PASSWORD

const newPerson = ({ display_name, roles, grants }: PersonEdit, username: string, password: string) => ({
  display_name, roles, grants, username: username.trim(), password,
})

const sorted = (edit: PersonEdit): string => JSON.stringify({ ...edit, roles: [...edit.roles].sort(), grants: [...edit.grants].sort() })

/** The server's words for each box, and for none. */
function useSaid(): { said: Record<string, string>; take: (error: unknown) => boolean } {
  const { i18n } = useTranslation()
  const [said, setSaid] = useState<Record<string, string>>({})
  return {
    said,
    take: (error) => {
      const faults = faultsOf(error)
      setSaid(Object.fromEntries(faults.map(({ field, message }) => [field, inLanguage(message, i18n.language)])))
      return faults.length > 0
    },
  }
}

export function PersonForm({ person, modules, onClose }: Props): ReactNode {
  const { t } = useTranslation('admin')
  const client = useQueryClient()
  const [edit, setEdit] = useState(() => editOf(person))
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const { said, take } = useSaid()
  const dirty = sorted(edit) !== sorted(editOf(person)) || username !== '' || password !== ''
  const [saved, setSaved] = useState(false)
  useGuard(dirty && !saved)
  const change = (part: Partial<PersonEdit>): void => { setSaved(false); setEdit((before) => ({ ...before, ...part })) }
  const { run, busy } = useCommand(
    (key: string, next: PersonEdit) =>
      person === null ? admin.addPerson(newPerson(next, username, password), { key }) : admin.editPerson(person.id, next, { key }),
    {
      onDone: (stored) => {
        setSaved(true)
        void client.invalidateQueries({ queryKey: ['people'] })
        showDone(t('saved', { title: stored.display_name }))
        if (person === null) setTimeout(onClose) // after the guard has let go
      },
      onError: take,
    },
  )
  const ready = edit.display_name.trim() !== '' && (person !== null || isWhole(username, password))
  const submit = (): void => { if (ready) void run(edit) }
  useKeys({ 'Ctrl+Enter': submit })
  return (
    <>
      <form className={styles.sideBody} noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
        <div className={styles.form}>
          {said[''] !== undefined && <Alert color="alert" role="alert">{said['']}</Alert>}
          <TextInput label={t('people.name')} required error={said.display_name} value={edit.display_name} onChange={(event) => { change({ display_name: event.currentTarget.value }) }} />
          {person === null && <Credentials said={said} username={username} password={password} onUsername={setUsername} onPassword={setPassword} />}
          <fieldset className={styles.grants}>
            <legend>{t('people.roles')}</legend>
            {ROLES.map((role) => (
              <Checkbox key={role} label={roleName(role)} checked={edit.roles.includes(role)} onChange={(event) => { change({ roles: with_(edit.roles, role, event.currentTarget.checked) }) }} />
            ))}
          </fieldset>
          <Grants edit={edit} modules={modules} onChange={(grants) => { change({ grants }) }} />
          {person !== null && (
            <Checkbox label={t('people.disable')} description={t('people.disableHint')} checked={edit.disabled} onChange={(event) => { change({ disabled: event.currentTarget.checked }) }} />
          )}
        </div>
        <button type="submit" hidden />
        {person !== null && <NewPassword person={person} />}
      </form>
      <footer className={styles.sideFoot}>
        <Button loading={busy} disabled={!ready || !dirty || saved} onClick={submit} rightSection={<span className={styles.key}><KeyHint>Ctrl+↵</KeyHint></span>}>{t('save', { ns: 'common' })}</Button>
        <Button variant="default" onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      </footer>
    </>
  )
}

interface CredentialsProps {
  said: Record<string, string>
  username: string
  password: string
  onUsername: (text: string) => void
  onPassword: (text: string) => void
}

function Credentials({ said, username, password, onUsername, onPassword }: CredentialsProps): ReactNode {
  const { t } = useTranslation('admin')
  return (
    <>
      <TextInput label={t('people.username')} required error={said.username} autoCapitalize="none" autoComplete="off" spellCheck={false} value={username} onChange={(event) => { onUsername(event.currentTarget.value) }} />
      <PasswordInput label={t('people.password')} description={t('people.passwordHint', { count: LEAST_PASSWORD })} required error={said.password} autoComplete="new-password" value={password} onChange={(event) => { onPassword(event.currentTarget.value) }} />
    </>
  )
}

function Grants({ edit, modules, onChange }: { edit: PersonEdit; modules: readonly ModuleView[]; onChange: (grants: string[]) => void }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  if (edit.roles.includes('admin')) return <p className={styles.dim}>{t('people.adminHint')}</p>
  return modules.filter(({ permissions }) => permissions.length > 0).map((module) => (
    <fieldset key={module.name} className={styles.grants}>
      <legend>{t('people.grantsOf', { title: inLanguage(module.title, i18n.language) })}</legend>
      {module.permissions.map(({ name, label }) => (
        <Checkbox key={name} label={inLanguage(label, i18n.language)} checked={edit.grants.includes(name)} onChange={(event) => { onChange(with_(edit.grants, name, event.currentTarget.checked)) }} />
      ))}
    </fieldset>
  ))
}

function NewPassword({ person }: { person: PersonView }): ReactNode {
  const { t } = useTranslation('admin')
  const [text, setText] = useState('')
  const { said, take } = useSaid()
  const { run, busy } = useCommand((key: string, password: string) => admin.password(person.id, password, { key }), {
    onDone: () => {
      setText('')
      showDone(t('people.passwordSet', { name: person.display_name }))
    },
    onError: take,
  })
  return (
    <section className={styles.history}>
      <h3>{t('people.newPassword')}</h3>
      <PasswordInput label={t('people.password')} description={t('people.passwordHint', { count: LEAST_PASSWORD })} error={said.password ?? said['']} autoComplete="new-password" value={text} onChange={(event) => { setText(event.currentTarget.value) }} />
      <div className={styles.inline}>
        <Button variant="default" loading={busy} disabled={text.length < LEAST_PASSWORD} onClick={() => void run(text)}>{t('people.setPassword')}</Button>
      </div>
    </section>
  )
}
