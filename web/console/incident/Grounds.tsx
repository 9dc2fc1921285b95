/** What the recommendation rests on: where times come from, each unit's score by its parts, who could lend or be diverted. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClockQuestion, IconRoute, IconRulerMeasure, IconServer } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { recommendation, type Candidate, type Divert, type Recommendation, type ScorePart, type TravelSource } from '@/lib/api'
import type { IncidentView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { useLive } from '@/lib/store'
import { useCommand } from '@/lib/ui'
import { ReasonDialog } from './ReasonDialog'
import styles from './send.module.css'

const SOURCE_ICON = { road: IconRoute, server: IconServer, geodesic: IconRulerMeasure } as const

export function TravelNotes({ travel }: { travel: TravelSource }): ReactNode {
  const { t, i18n } = useTranslation('console')
  if (travel.source === null) return null
  const Icon = SOURCE_ICON[travel.source]
  return (
    <div className={styles.notes} data-source={travel.source}>
      <span className={styles.note}>
        <Icon size={13} /> {t(`send.source.${travel.source}`)}
      </span>
      {travel.notes.map((note) => (
        <span key={note.en} className={styles.noteWarn}>
          <IconAlertTriangle size={12} /> {inLanguage(note, i18n.language)}
        </span>
      ))}
    </div>
  )
}

/** A mark for a unit that may not be where it is reckoned from. */
export function TrustMark({ trust }: Pick<Candidate, 'trust'>): ReactNode {
  const { t } = useTranslation('console')
  if (trust === 'fresh') return null
  return (
    <span className={styles.trust}>
      <IconClockQuestion size={12} /> {t(`send.trust.${trust}`)}
    </span>
  )
}

const KINDS: readonly ScorePart['kind'][] = ['travel', 'position', 'crew', 'shift', 'coverage']
/** As many rows are told: beyond, nobody compares. */
const SCORED = 8

export function Scores({ candidates }: { candidates: readonly Candidate[] }): ReactNode {
  const { t } = useTranslation('console')
  const units = useLive((state) => state.units)
  const scored = candidates.filter((candidate) => candidate.score_s !== null).slice(0, SCORED)
  if (scored.length === 0) return null
  const kinds = KINDS.filter((kind) => scored.some(({ parts }) => parts.some((part) => part.kind === kind)))
  return (
    <details className={styles.block}>
      <summary>{t('send.scores')}</summary>
      <table className={styles.scores}>
        <thead>
          <tr>
            <th />
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {t(`send.part.${kind}`)}
              </th>
            ))}
            <th>=</th>
          </tr>
        </thead>
        <tbody>
          {scored.map((candidate) => (
            <tr key={candidate.unit_id}>
              <td>{units[candidate.unit_id]?.callsign ?? candidate.unit_id}</td>
              {kinds.map((kind) => (
                <PartCell key={kind} part={candidate.parts.find((one) => one.kind === kind)} />
              ))}
              <td className={styles.sum}>{candidate.score_s}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function PartCell({ part }: { part: ScorePart | undefined }): ReactNode {
  const { i18n } = useTranslation()
  return part === undefined ? <td>–</td> : <td title={inLanguage(part.why, i18n.language)}>{part.seconds}</td>
}

export function Lenders({ short }: Pick<Recommendation, 'short'>): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  return short
    .filter(({ lenders }) => lenders.length > 0)
    .map(({ capability, lenders }) => (
      <div key={capability} className={styles.block}>
        <span className={styles.title}>{t('send.lenders', { capability: t(`common:capability.${capability}`) })}</span>
        {lenders.map((lender) => (
          <div key={lender.agency} className={styles.row}>
            <b>{inLanguage(lender.name, i18n.language)}</b>
            <span className={styles.text}>{inLanguage(lender.why, i18n.language)}</span>
          </div>
        ))}
      </div>
    ))
}

export function Diverts({ incident, diverts }: { incident: IncidentView; diverts: readonly Divert[] }): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  const [asked, setAsked] = useState<Divert | null>(null)
  const units = useLive((state) => state.units)
  const divert = useCommand(
    (key, unitId: string, reason: string) => recommendation.divert(incident.id, unitId, reason, { key }),
    { onDone: () => setAsked(null) },
  )
  if (diverts.length === 0) return null
  const callsign = (unitId: string): string => units[unitId]?.callsign ?? unitId
  return (
    <div className={styles.block}>
      <span className={styles.title}>{t('send.diverts')}</span>
      {diverts.map((one) => (
        <div key={one.unit_id} className={styles.row}>
          <b>{callsign(one.unit_id)}</b>
          <span>{t('common:min', { value: Math.max(1, Math.round(one.travel_s / 60)) })}</span>
          <span className={styles.text}>
            {one.saves_s === null ? t('send.savesOnly') : t('send.saves', { minutes: Math.round(one.saves_s / 60) })}
            {' · '}
            {inLanguage(one.consequence, i18n.language)}
          </span>
          <Button size="compact-xs" variant="default" disabled={divert.busy} onClick={() => setAsked(one)}>
            {t('send.divert')}
          </Button>
        </div>
      ))}
      <ReasonDialog
        title={t('send.divertTitle', { callsign: callsign(asked?.unit_id ?? ''), number: asked?.incident_number ?? '' })}
        label={t('send.overrideWhy')}
        presets={[t('send.whyLife'), t('send.whyNobody')]}
        opened={asked !== null}
        busy={divert.busy}
        onClose={() => setAsked(null)}
        onReason={(reason) => {
          if (asked !== null) void divert.run(asked.unit_id, reason)
        }}
      />
    </div>
  )
}
