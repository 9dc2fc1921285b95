/** The door: name and password; in the demo, one click per part that a visitor may play. */
import { Alert, Button, Loader, NativeSelect, PasswordInput, SegmentedControl, TextInput, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconBuildingCommunity, IconDeviceMobile, IconHeadset, IconLayoutDashboard, IconMoon, IconRoute, IconSettings, IconSun } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, people, type DemoAccount } from '@/lib/api'
import type { Role, UserView } from '@/lib/events/generated'
import { LANGUAGES, setLanguage, type Language } from '@/lib/i18n'
import { BrandMark, errorText, shortTime } from '@/lib/ui'
import { destination } from './faces'
import styles from './signin.module.css'

/** Set while somebody is signed in here, so that the door is not knocked at in vain each time the page opens. */
const REMEMBERED = 'siaga.signed-in'

const nextPage = (): string | null => new URLSearchParams(window.location.search).get('next')

/** Goes to the user's face; false when no face fits the roles. */
function enter(user: UserView): boolean {
  const target = destination(user.roles, nextPage())
  if (target === null) return false
  localStorage.setItem(REMEMBERED, '1')
  window.location.assign(target)
  return true
}

/** Who is signed in already and opens the bare address is led on. */
function useRemembered(): void {
  useEffect(() => {
    if (nextPage() !== null || localStorage.getItem(REMEMBERED) === null) return
    people.session().then(enter, () => { localStorage.removeItem(REMEMBERED) })
  }, [])
}

interface Entry {
  busy: boolean
  problem: { title: string; message: string } | null
  run: (ask: () => Promise<UserView>) => void
}

function useEntry(): Entry {
  const { t } = useTranslation('signin')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Entry['problem']>(null)

  const explain = (error: unknown): Entry['problem'] => {
    const known = error instanceof ApiError ? error : null
    const until = known?.text('until') ?? null
    if (known?.kind === 'not-signed-in') return { title: t('wrong'), message: t('wrongHint') }
    if (until !== null) return { title: t('locked'), message: t('lockedUntil', { time: shortTime(until) }) }
    return errorText(error)
  }
  const run = (ask: () => Promise<UserView>): void => {
    setBusy(true)
    setProblem(null)
    ask().then(
      (user) => {
        if (enter(user)) return
        setBusy(false)
        setProblem({ title: t('noFace'), message: t('noFaceHint') })
      },
      (error: unknown) => {
        setBusy(false)
        setProblem(explain(error))
      },
    )
  }
  return { busy, problem, run }
}

function PasswordForm({ entry }: { entry: Entry }): ReactNode {
  const { t } = useTranslation('signin')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    entry.run(() => people.signIn(username.trim(), password))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>{t('heading')}</h1>
      {entry.problem !== null && (
        <Alert color="alert" title={entry.problem.title} role="alert">
          {entry.problem.message}
        </Alert>
      )}
      <TextInput
        size="md"
        label={t('username')}
        value={username}
        onChange={(event) => { setUsername(event.currentTarget.value) }}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
      />
      <PasswordInput
        size="md"
        label={t('password')}
        value={password}
        onChange={(event) => { setPassword(event.currentTarget.value) }}
        autoComplete="current-password"
        required
        withAsterisk={false}
      />
      <Button size="md" type="submit" loading={entry.busy} fullWidth>
        {t('enter')}
      </Button>
    </form>
  )
}

type Part = Role

const PART_ICONS: Readonly<Record<Part, typeof IconHeadset>> = {
  call_taker: IconHeadset,
  dispatcher: IconRoute,
  responder: IconDeviceMobile,
  supervisor: IconLayoutDashboard,
  officer: IconBuildingCommunity,
  admin: IconSettings,
}

/** The part that a demo account lets a visitor play; null for one that has none. */
function partOf(account: DemoAccount): Part | null {
  const order: readonly Part[] = ['supervisor', 'dispatcher', 'call_taker', 'responder', 'admin', 'officer']
  return order.find((role) => account.roles.includes(role)) ?? null
}

/** One card per part; of several accounts a random one is chosen first, so that two visitors seldom take the same. */
function DemoCard({ part, accounts, entry }: { part: Part; accounts: readonly DemoAccount[]; entry: Entry }): ReactNode {
  const { t } = useTranslation('signin')
  const [chosen, setChosen] = useState(() => accounts[Math.floor(Math.random() * accounts.length)]?.username ?? '')
  const Icon = PART_ICONS[part]
  return (
    <div className={styles.card}>
      <UnstyledButton
        className={styles.play}
        disabled={entry.busy}
        onClick={() => { entry.run(() => people.demoSignIn(chosen)) }}
      >
        <Icon size={26} stroke={1.6} aria-hidden />
        <span>
          <b>{t(`part.${part}`)}</b>
          <span className={styles.hint}>{t(`partHint.${part}`)}</span>
        </span>
      </UnstyledButton>
      {accounts.length > 1 ? (
        <NativeSelect
          className={styles.who}
          aria-label={t('who')}
          value={chosen}
          onChange={(event) => { setChosen(event.currentTarget.value) }}
          data={accounts.map(({ username, display_name }) => ({ value: username, label: display_name }))}
        />
      ) : (
        <span className={styles.who}>{accounts[0]?.display_name}</span>
      )}
    </div>
  )
}

const PARTS: readonly Part[] = ['call_taker', 'dispatcher', 'supervisor', 'responder', 'officer', 'admin']

function DemoParts({ entry }: { entry: Entry }): ReactNode {
  const { t } = useTranslation('signin')
  const demo = useQuery({ queryKey: ['demo'], queryFn: ({ signal }) => people.demo({ signal }) })
  if (demo.isPending) return <Loader size="sm" aria-label={t('loading', { ns: 'common' })} />
  if (demo.data?.enabled !== true) return null
  const { accounts } = demo.data
  return (
    <section className={styles.demo} aria-labelledby="demo-heading">
      <h2 id="demo-heading">{t('demo')}</h2>
      <p>{t('demoHint')}</p>
      <div className={styles.cards}>
        {PARTS.map((part) => {
          const own = accounts.filter((account) => partOf(account) === part)
          return own.length > 0 && <DemoCard key={part} part={part} accounts={own} entry={entry} />
        })}
      </div>
    </section>
  )
}

function Looks(): ReactNode {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <footer className={styles.looks}>
      <a href={`/layanan?lang=${i18n.language}`}>{t('services', { ns: 'signin' })}</a>
      <SegmentedControl
        aria-label={t('language')}
        value={i18n.language}
        onChange={(value) => { setLanguage(value as Language) }}
        data={LANGUAGES.map((value) => ({ value, label: t(`languageName.${value}`) }))}
      />
      <SegmentedControl
        aria-label={t('theme')}
        value={colorScheme === 'light' ? 'light' : 'dark'}
        onChange={(value) => { setColorScheme(value === 'light' ? 'light' : 'dark') }}
        data={[
          { value: 'dark', label: <IconMoon size={16} aria-label={t('themeName.dark')} /> },
          { value: 'light', label: <IconSun size={16} aria-label={t('themeName.light')} /> },
        ]}
      />
    </footer>
  )
}

export function SignIn(): ReactNode {
  const { t } = useTranslation()
  useRemembered()
  const entry = useEntry()
  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <BrandMark />
        <b>{t('app')}</b>
        <span>{t('centre')}</span>
      </header>
      <main className={styles.main}>
        <PasswordForm entry={entry} />
        <DemoParts entry={entry} />
      </main>
      <Looks />
    </div>
  )
}
