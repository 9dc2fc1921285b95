/** Whom to send, in order, with reasons; why others are left out; what is still missing. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconStarFilled } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents, type Candidate, type Recommendation as Advice } from '@/lib/api'
import type { AssignmentView, IncidentView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { useLive, type LiveState } from '@/lib/store'
import { EmptyState, KeyHint, showError, useAgencyName, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { KEYS, useKeys, type KeyAction } from '../keys'
import { Diverts, Lenders, Scores, TravelNotes, TrustMark } from './Grounds'
import { ReasonDialog } from './ReasonDialog'

/** Changes whenever a unit becomes free, taken, or leaves duty: then the advice is asked for again. */
const unitsMark = (state: LiveState): string =>
  Object.values(state.units)
    .map((unit) => `${unit.id}${unit.state}`)
    .join()

/** As many candidates have a key of their own. */
const KEYED = 9
/** Units drive: travel times are asked for again at least this often. */
const REFRESH_MS = 30_000

interface Props {
  incident: IncidentView
  assignments: readonly AssignmentView[]
}

/** Once all units are done nothing is proposed unasked: one key must not send crews to what is over. */
export function Recommendation(props: Props): ReactNode {
  const { t } = useTranslation('console')
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const { id, state } = props.incident
  if (state !== 'resolved' || askedFor === id) return <Proposals {...props} />
  return (
    <Button variant="default" m="xs" onClick={() => { setAskedFor(id) }}>
      {t('send.again')}
    </Button>
  )
}

function Proposals({ incident, assignments }: Props): ReactNode {
  const { t } = useTranslation('console')
  const mark = useLive(unitsMark)
  const assigned = assignments.map((one) => one.id + one.state).join()
  const query = useQuery({
    queryKey: ['recommendation', incident.id, incident.version, assigned, mark],
    queryFn: ({ signal }) => incidents.recommendation(incident.id, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  if (query.data === undefined) {
    return <EmptyState loaded={!query.isError}>{t('send.asking')}</EmptyState>
  }
  return <AdviceView incident={incident} advice={query.data} fresh={!query.isPlaceholderData && !query.isError} />
}

function AdviceView({ incident, advice, fresh }: { incident: IncidentView; advice: Advice; fresh: boolean }): ReactNode {
  const { t } = useTranslation('console')
  const [asked, setAsked] = useState<{ unitId: string; callsign: string } | null>(null)
  const units = useLive((state) => state.units)
  const offer = useCommand((key, unitId: string, reason?: string) => incidents.offer(incident.id, unitId, reason, { key }))
  const proposed = advice.candidates.filter((candidate) => candidate.proposed)
  const all = useCommand(async (key) => {
    // Best first, one after another: the set was chosen in this order, so that each is still proposed when its turn comes.
    // Each unit has a key of its own within the one intent; a unit that is taken must not stop the others.
    for (const { unit_id } of proposed) {
      await incidents.offer(incident.id, unit_id, undefined, { key: `${key}-${unit_id}` }).catch(showError)
    }
  })
  const busy = offer.busy || all.busy
  const send = (candidate: Candidate): void => {
    if (candidate.proposed) void offer.run(candidate.unit_id)
    else setAsked({ unitId: candidate.unit_id, callsign: units[candidate.unit_id]?.callsign ?? candidate.unit_id })
  }
  const keyed = advice.candidates.slice(0, KEYED)
  useKeys({
    dispatchProposed: () => {
      if (proposed.length > 0 && !busy) void all.run()
    },
    ...Object.fromEntries(keyed.map((candidate, index) => [`candidate${index + 1}`, () => !busy && send(candidate)])),
  })
  return (
    <div className={styles.advice} data-fresh={fresh}>
      <div className={styles.adviceHead}>
        <Cover advice={advice} level={incident.alarm_level} />
        <Button
          disabled={proposed.length === 0}
          loading={all.busy}
          onClick={() => void all.run()}
          rightSection={<KeyHint>{KEYS.dispatchProposed}</KeyHint>}
        >
          {t('send.proposed', { count: proposed.length })}
        </Button>
      </div>
      <TravelNotes travel={advice.travel} />
      {advice.candidates.length === 0 && <p className={styles.noUnit}>{t('send.none')}</p>}
      {advice.candidates.map((candidate, index) => (
        <CandidateRow
          key={candidate.unit_id}
          candidate={candidate}
          keyName={index < KEYED ? KEYS[`candidate${index + 1}` as KeyAction] : null}
          busy={busy}
          onSend={() => send(candidate)}
        />
      ))}
      <Lenders short={advice.short} />
      <Diverts incident={incident} diverts={advice.diverts} />
      <Scores candidates={advice.candidates} />
      <LeftOut advice={advice} onSend={(unitId, callsign) => setAsked({ unitId, callsign })} />
      <ReasonDialog
        title={t('send.overrideTitle', { callsign: asked?.callsign ?? '' })}
        label={t('send.overrideWhy')}
        presets={[t('send.whyCloser'), t('send.whyLocal'), t('send.whyAsked'), t('send.whyMore')]}
        opened={asked !== null}
        busy={offer.busy}
        onClose={() => setAsked(null)}
        onReason={(reason) => {
          if (asked === null) return
          setAsked(null)
          void offer.run(asked.unitId, reason)
        }}
      />
    </div>
  )
}

/** Each line of the plan, how far it is covered, and what is short. */
function Cover({ advice, level }: { advice: Advice; level: number }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  return (
    <div className={styles.plan}>
      {level > 1 && (
        <span className={styles.chipShort}>
          <IconAlertTriangle size={12} /> {t('send.alarm', { level })}
        </span>
      )}
      {advice.plan.map(({ need, covered }) => (
        <span key={need.capability} className={covered >= need.count ? styles.chipDone : styles.chip}>
          {covered >= need.count && '✓ '}
          {covered}/{need.count} {t(`common:capability.${need.capability}`)}
        </span>
      ))}
      {advice.short.map(({ capability, missing }) => (
        <span key={`short-${capability}`} className={styles.chipShort}>
          <IconAlertTriangle size={12} /> {t('send.short', { missing, capability: t(`common:capability.${capability}`) })}
        </span>
      ))}
    </div>
  )
}

const minutes = (seconds: number): string => String(Math.max(1, Math.round(seconds / 60)))
const kilometres = (metres: number): string => (metres / 1000).toFixed(metres < 10_000 ? 1 : 0)
/** A position older than this is worth a doubt before one sends. */
const OLD_POSITION_S = 120

interface RowProps {
  candidate: Candidate
  keyName: string | null
  busy: boolean
  onSend: () => void
}

function CandidateRow({ candidate, keyName, busy, onSend }: RowProps): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  const unit = useLive((state) => state.units[candidate.unit_id] ?? null)
  const agencyName = useAgencyName()
  const old = candidate.position_age_s !== null && candidate.position_age_s > OLD_POSITION_S
  return (
    <div className={candidate.proposed ? styles.candidateProposed : styles.candidate}>
      <span className={styles.rank}>
        {candidate.proposed ? <IconStarFilled size={12} aria-label={t('send.isProposed')} /> : candidate.rank}
      </span>
      <span className={styles.callsign}>
        <b>{unit?.callsign ?? candidate.unit_id}</b> <span className={styles.dim}>{unit === null ? '' : agencyName(unit.agency)}</span>
        <TrustMark trust={candidate.trust} />
      </span>
      <span className={styles.figure}>
        {candidate.travel_s === null ? '–' : t('common:min', { value: minutes(candidate.travel_s) })}
      </span>
      <span className={styles.figureDim}>{candidate.distance_m === null ? '' : t('common:km', { value: kilometres(candidate.distance_m) })}</span>
      <span className={styles.reasons}>
        {candidate.reasons.map((reason) => inLanguage(reason, i18n.language)).join(' · ')}
        {old && <b className={styles.warn}> · {t('send.oldPosition', { minutes: minutes(candidate.position_age_s ?? 0) })}</b>}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={busy}
        onClick={onSend}
        rightSection={keyName === null ? undefined : <KeyHint>{keyName}</KeyHint>}
      >
        {t('send.send')}
      </Button>
    </div>
  )
}

function LeftOut({ advice, onSend }: { advice: Advice; onSend: (unitId: string, callsign: string) => void }): ReactNode {
  const { t, i18n } = useTranslation('console')
  const units = useLive((state) => state.units)
  if (advice.left_out.length + advice.not_shown === 0) return null
  return (
    <details className={styles.leftOut}>
      <summary>{t('send.leftOut', { count: advice.left_out.length })}</summary>
      {advice.left_out.map(({ unit_id, why }) => {
        const unit = units[unit_id]
        return (
          <div key={unit_id} className={styles.leftOutRow}>
            <b>{unit?.callsign ?? unit_id}</b>
            <span className={styles.dim}>{inLanguage(why, i18n.language)}</span>
            {unit?.state === 'available' && (
              <Button size="compact-xs" variant="default" onClick={() => onSend(unit_id, unit.callsign)}>
                {t('send.sendAnyway')}
              </Button>
            )}
          </div>
        )
      })}
      {advice.not_shown > 0 && <p className={styles.dim}>{t('send.notShown', { count: advice.not_shown })}</p>}
    </details>
  )
}
