/** The supervisor's view of the centre's calls: what the menu loses, where calls come from, rules for numbers. */
import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { people } from '@/lib/api'
import { care, type FunnelDay, type Load, type NumberRule, type Rate } from '@/lib/api/care'
import type { UserView } from '@/lib/events/generated'
import { dayOf, EmptyState, readable, ShapeMark, shortTime, useCommand, type Token } from '@/lib/ui'
import styles from './care.module.css'
import { percent, ruleState } from './funnel'

const LOOK_EVERY_MS = 5_000
const FUNNEL_EVERY_MS = 30_000
const DAYS = 14

export function CallCare({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation('calls')
  const [opened, setOpened] = useState(false)
  const [shown, setShown] = useState('funnel')
  const load = useQuery({
    queryKey: ['load'],
    queryFn: ({ signal }) => care.load({ signal }),
    refetchInterval: LOOK_EVERY_MS,
  }).data
  return (
    <>
      {load?.flooding === true && (
        <span className={styles.flood} role="status">
          <ShapeMark shape="octagon" hue="critical" size={14} />
          {t('flood.now', { waiting: load.waiting, seats: load.seats })}
        </span>
      )}
      <Button variant="default" onClick={() => setOpened(true)} leftSection={<IconFilter size={14} />}>
        {t('care.open')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('care.title')} size="min(1100px, 96vw)">
        <SegmentedControl
          mb="sm"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'funnel', label: t('care.funnel') },
            { value: 'load', label: t('care.load') },
            { value: 'rules', label: t('care.rules') },
          ]}
        />
        {shown === 'funnel' && <FunnelTable />}
        {shown === 'load' && <Rates load={load ?? null} />}
        {shown === 'rules' && <Rules user={user} />}
      </Modal>
    </>
  )
}

function FunnelTable(): ReactNode {
  const { t, i18n } = useTranslation('calls')
  const { data } = useQuery({
    queryKey: ['funnel', DAYS],
    queryFn: ({ signal }) => care.funnel(DAYS, { signal }),
    refetchInterval: FUNNEL_EVERY_MS,
    // Yesterday's noughts from an earlier look must not pass for today's figures.
    gcTime: 0,
  })
  if (data === undefined) return <EmptyState loaded={false}>{t('funnel.none')}</EmptyState>
  const today = data.days[0]
  return (
    <>
      {today !== undefined && <Bars day={today} />}
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>{t('funnel.day')}</th>
              {(['offered', 'pressed', 'queued', 'answered', 'real', 'lostMenu', 'lostQueue', 'realShare', 'undecided', 'blocked'] as const).map(
                (column) => <th key={column} title={t(`funnel.why.${column}`)}>{t(`funnel.${column}`)}</th>,
              )}
            </tr>
          </thead>
          <tbody>
            {data.days.map((day) => <Row key={day.day} day={day} name={dayOf(`${day.day}T12:00:00+08:00`, i18n.language)} />)}
            <Row day={data.total} name={t('funnel.total', { count: data.days.length })} />
          </tbody>
        </table>
      </div>
    </>
  )
}

function Row({ day, name }: { day: FunnelDay; name: string }): ReactNode {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{day.offered}</td>
      <td>{day.pressed_one}</td>
      <td>{day.queued}</td>
      <td>{day.answered}</td>
      <td>{day.real}</td>
      <td>{percent(day.lost_in_menu)}</td>
      <td>{percent(day.lost_in_queue)}</td>
      <td>{percent(day.real_share)}</td>
      <td>{day.undecided}</td>
      <td>{day.blocked}</td>
    </tr>
  )
}

/** Today as a funnel: each bar is a part of the one above it. */
function Bars({ day }: { day: FunnelDay }): ReactNode {
  const { t } = useTranslation('calls')
  const steps = [
    ['offered', day.offered],
    ['pressed', day.pressed_one],
    ['queued', day.queued],
    ['answered', day.answered],
    ['real', day.real],
  ] as const
  return (
    <div className={styles.bars} role="img" aria-label={t('funnel.today')}>
      {steps.map(([step, count], index) => {
        const before = index === 0 ? count : (steps[index - 1]?.[1] ?? count)
        return (
          <div key={step} className={styles.bar}>
            <span>{t(`funnel.${step}`)}</span>
            <i style={{ width: `${day.offered === 0 ? 0 : (100 * count) / day.offered}%` }} />
            <b>{count}</b>
            <small>{count < before ? `−${before - count}` : ''}</small>
          </div>
        )
      })}
    </div>
  )
}

function Rates({ load }: { load: Load | null }): ReactNode {
  const { t } = useTranslation('calls')
  if (load === null) return <EmptyState loaded={false}>{t('load.none')}</EmptyState>
  const minutes = Math.round(load.window_s / 60)
  return (
    <div className={styles.rates}>
      <p>{t('load.now', { waiting: load.waiting, seats: load.seats, over: load.over })}</p>
      <RateTable title={t('load.trunks')} rates={load.trunks} minutes={minutes} nameOf={(name) => (name === '?' ? t('load.noTrunk') : name)} />
      <RateTable title={t('load.numbers')} rates={load.numbers} minutes={minutes} nameOf={readable} />
    </div>
  )
}

interface RateProps {
  title: string
  rates: readonly Rate[]
  minutes: number
  nameOf: (name: string) => string
}

function RateTable({ title, rates, minutes, nameOf }: RateProps): ReactNode {
  const { t } = useTranslation('calls')
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{title}</th>
          <th>{t('load.minute')}</th>
          <th>{t('load.window', { minutes })}</th>
        </tr>
      </thead>
      <tbody>
        {rates.length === 0 && <tr><td colSpan={3}>{t('load.quiet')}</td></tr>}
        {rates.map((rate) => (
          <tr key={rate.name}>
            <th scope="row">{nameOf(rate.name)}</th>
            <td>{rate.last_minute}</td>
            <td>{rate.in_window}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Rules({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation('calls')
  const { data } = useQuery({
    queryKey: ['number-rules'],
    queryFn: ({ signal }) => care.rules({ signal }),
    refetchInterval: LOOK_EVERY_MS,
  })
  const names = useQuery({ queryKey: ['names'], queryFn: ({ signal }) => people.names({ signal }), staleTime: 600_000 }).data
  const nameOf = (id: string | null): string => names?.find((name) => name.id === id)?.display_name ?? '–'
  const supervises = user.roles.includes('supervisor')
  if (data === undefined) return <EmptyState loaded={false}>{t('rules.none')}</EmptyState>
  return (
    <>
      {supervises && <NewRule divertMost={data.divert_most_h} blockMost={data.block_most_h} />}
      {data.items.length === 0 && <EmptyState loaded>{t('rules.none')}</EmptyState>}
      <div className={styles.scroll}>
        {data.items.map((rule) => (
          <RuleRow key={rule.id} rule={rule} nameOf={nameOf} canEnd={supervises} />
        ))}
      </div>
    </>
  )
}

const RULE_SIGN = {
  in_force: { shape: 'circle', hue: 'ready' },
  waiting: { shape: 'hourglass', hue: 'high' },
  ended: { shape: 'bar', hue: 'quiet' },
} as const satisfies Record<ReturnType<typeof ruleState>, Token>

interface RuleProps {
  rule: NumberRule
  nameOf: (id: string | null) => string
}

function RuleRow({ rule, nameOf, canEnd }: RuleProps & { canEnd: boolean }): ReactNode {
  const { t, i18n } = useTranslation('calls')
  const state = ruleState(rule)
  return (
    <div className={styles.rule} data-state={state}>
      <ShapeMark {...RULE_SIGN[state]} />
      <b>{readable(rule.number)}</b>
      <span>{t(`rules.kind.${rule.kind}`)}</span>
      <span className={styles.grow}>
        {rule.reason} – {nameOf(rule.made_by)}, {moment(rule.made_at, i18n.language)}
      </span>
      <span className={styles.state}>
        <RuleWords rule={rule} nameOf={nameOf} />
      </span>
      {canEnd && state !== 'ended' && <EndRule rule={rule} />}
    </div>
  )
}

const moment = (at: string, language: string): string => `${dayOf(at, language)} ${shortTime(at)}`

function RuleWords({ rule, nameOf }: RuleProps): ReactNode {
  const { t, i18n } = useTranslation('calls')
  const until = moment(rule.ends_at, i18n.language)
  if (rule.ended_at === null) {
    const pbx = rule.in_force.map((one) => one.pbx).join(', ')
    return pbx === '' ? t('rules.waiting') : t('rules.inForce', { pbx, until })
  }
  const at = moment(rule.ended_at, i18n.language)
  if (rule.ended_by === null) return t('rules.expired', { at })
  return t('rules.ended', { at, name: nameOf(rule.ended_by), why: rule.end_reason ?? '' })
}

function EndRule({ rule }: { rule: NumberRule }): ReactNode {
  const { t } = useTranslation('calls')
  const queries = useQueryClient()
  const [why, setWhy] = useState<string | null>(null)
  const end = useCommand((key, reason: string) => care.endRule(rule.id, reason, { key }), {
    onDone: () => void queries.invalidateQueries({ queryKey: ['number-rules'] }),
  })
  if (why === null) {
    return (
      <Button size="compact-xs" variant="default" onClick={() => setWhy('')}>
        {t('rules.end')}
      </Button>
    )
  }
  const given = why.trim()
  return (
    <form
      className={styles.why}
      onSubmit={(event) => {
        event.preventDefault()
        if (given !== '') void end.run(given)
      }}
    >
      <TextInput
        size="xs"
        autoFocus
        placeholder={t('rules.endWhy')}
        value={why}
        maxLength={300}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Button size="compact-xs" type="submit" loading={end.busy} disabled={given === ''}>
        {t('rules.end')}
      </Button>
    </form>
  )
}

function NewRule({ divertMost, blockMost }: { divertMost: number; blockMost: number }): ReactNode {
  const { t } = useTranslation('calls')
  const queries = useQueryClient()
  const [number, setNumber] = useState('')
  const [kind, setKind] = useState<'divert' | 'block'>('divert')
  const [reason, setReason] = useState('')
  const [hours, setHours] = useState('24')
  const most = kind === 'divert' ? divertMost : blockMost
  const make = useCommand((key, body: Parameters<typeof care.makeRule>[0]) => care.makeRule(body, { key }), {
    onDone: () => {
      setNumber('')
      setReason('')
      void queries.invalidateQueries({ queryKey: ['number-rules'] })
    },
  })
  return (
    <form
      className={styles.newRule}
      onSubmit={(event) => {
        event.preventDefault()
        void make.run({ number: number.trim(), kind, reason: reason.trim(), hours: Math.min(Number(hours), most) })
      }}
    >
      <TextInput label={t('rules.number')} value={number} maxLength={32} onChange={(event) => setNumber(event.currentTarget.value)} />
      <SegmentedControl
        value={kind}
        onChange={(value) => setKind(value === 'block' ? 'block' : 'divert')}
        data={[
          { value: 'divert', label: t('rules.kind.divert') },
          { value: 'block', label: t('rules.kind.block') },
        ]}
      />
      <TextInput label={t('rules.reason')} value={reason} maxLength={300} onChange={(event) => setReason(event.currentTarget.value)} />
      <TextInput
        label={t('rules.hours', { most })}
        inputMode="numeric"
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value.replace(/\D/g, '').slice(0, 4))}
      />
      <Button type="submit" loading={make.busy} disabled={number.trim() === '' || Number(hours) < 1 || reason.trim().length < 10}>
        {t('rules.make')}
      </Button>
      <small>{t(kind === 'divert' ? 'rules.divertMeans' : 'rules.blockMeans')}</small>
    </form>
  )
}
