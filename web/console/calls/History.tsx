/** What is known of the number at the screen pop: advice in words, and on one press all that lies behind it. */
import { Popover } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { care, type NumberHistory, type Tone } from '@/lib/api/care'
import type { CallView } from '@/lib/events/generated'
import { inLanguage } from '@/lib/i18n'
import { ShapeMark, shortTime, StatusBadge, useTypeName, type Token } from '@/lib/ui'
import { useDesk } from '../desk'
import styles from './care.module.css'

const SIGN: Readonly<Record<Tone, Token>> = {
  none: { shape: 'ring', hue: 'quiet' },
  mixed: { shape: 'half', hue: 'quiet' },
  real_before: { shape: 'circle', hue: 'ready' },
  often_false: { shape: 'triangle', hue: 'high' },
}

export function History({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation(['calls', 'common'])
  const { data, isError } = useQuery({
    queryKey: ['history', call.id],
    queryFn: ({ signal }) => care.history(call.id, { signal }),
  })
  const name = call.caller_name !== null && <b>{call.caller_name} </b>
  return (
    <div className={styles.history}>
      {call.number_rule !== null && <RuleMark call={call} />}
      {data === undefined ? (
        <span>
          {name}
          {isError ? t('common:notLoaded') : t('common:loading')}
        </span>
      ) : (
        <Advice history={data} name={name} />
      )}
    </div>
  )
}

/** The PBX asked this caller whether the call is real, by a supervisor's rule. */
export function RuleMark({ call }: { call: Pick<CallView, 'number_rule'> }): ReactNode {
  const { t } = useTranslation('common')
  if (call.number_rule === null) return null
  return (
    <span className={styles.rule}>
      <ShapeMark shape="bar" hue="high" />
      {t(`numberRule.${call.number_rule}`)}
    </span>
  )
}

function Advice({ history, name }: { history: NumberHistory; name: ReactNode }): ReactNode {
  const { t, i18n } = useTranslation('calls')
  const { reputation } = history
  if (reputation === null) return <span>{name}{t('history.noNumber')}</span>
  const lines = reputation.lines.map((line) => inLanguage(line, i18n.language))
  if (lines.length === 0 && history.earlier_incidents.length === 0) return <span>{name}{t('history.first')}</span>
  return (
    <Popover position="bottom-start" width={380} shadow="md" withinPortal>
      <Popover.Target>
        <button type="button" className={styles.advice} data-tone={reputation.tone}>
          <ShapeMark {...SIGN[reputation.tone]} />
          <span>
            {name}
            {t('history.calls', { count: history.earlier_total })}: {lines.join(' · ')}
            {history.premises.length > 0 && <b> · {history.premises.map((premise) => premise.text).join('; ')}</b>}
            {history.at_place.length > 0 && <b> · {t('history.atPlace', { count: history.at_place.length })}</b>}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Behind history={history} lines={lines} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Behind({ history, lines }: { history: NumberHistory; lines: readonly string[] }): ReactNode {
  const { t } = useTranslation(['calls', 'common'])
  return (
    <div className={styles.behind}>
      <h4>{t('history.advice')}</h4>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      <small>{t('history.never')}</small>
      <Incidents title={t('history.incidents')} incidents={history.earlier_incidents} />
      {history.premises.length > 0 && <h4>{t('history.premises')}</h4>}
      {history.premises.map((premise) => (
        <div key={premise.id}>
          <b>{premise.text}</b> ({premise.away_m} m)
        </div>
      ))}
      <Incidents title={t('history.hazards')} incidents={history.at_place} />
      {history.notes.length > 0 && <h4>{t('history.notes')}</h4>}
      {history.notes.map((note) => (
        <div key={`${note.at}${note.text}`}>
          {shortTime(note.at)} {note.text}
        </div>
      ))}
      {history.earlier_calls.length > 0 && <h4>{t('history.latest')}</h4>}
      {history.earlier_calls.slice(0, 10).map((earlier) => (
        <div key={earlier.id}>
          {shortTime(earlier.arrived_at)} ·{' '}
          {earlier.disposition === null
            ? t(`common:callState.${earlier.state}`)
            : t(`common:callDisposition.${earlier.disposition}`)}
        </div>
      ))}
    </div>
  )
}

function Incidents({ title, incidents }: { title: string; incidents: NumberHistory['at_place'] }): ReactNode {
  const { select } = useDesk()
  const typeName = useTypeName()
  if (incidents.length === 0) return null
  return (
    <>
      <h4>{title}</h4>
      {incidents.map((incident) => (
        <button key={incident.id} type="button" className={styles.line} onClick={() => select(incident)}>
          <b>{incident.number}</b> {typeName(incident.type)} · {incident.place.text}{' '}
          <StatusBadge of={{ kind: 'incident', state: incident.state }} />
        </button>
      ))}
    </>
  )
}
