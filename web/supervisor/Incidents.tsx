/** Open incidents, the gravest first, each with its running time. */
import { UnstyledButton } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssignmentView, IncidentView } from '@/lib/events/generated'
import { isActive, openIncidents, useLive } from '@/lib/store'
import { Age, EmptyState, Panel, PriorityBadge, StatusBadge, useTypeName } from '@/lib/ui'
import styles from './supervisor.module.css'

interface IncidentsProps {
  selectedId: string | null
  onSelect?: (id: string) => void
}

/** Callsigns at work on each incident. */
function useCallsigns(): (incident: IncidentView) => string {
  const assignments = useLive((state) => state.assignments)
  const units = useLive((state) => state.units)
  const byIncident = useMemo(() => {
    const groups = new Map<string, AssignmentView[]>()
    for (const one of Object.values(assignments)) {
      if (isActive(one)) groups.set(one.incident_id, [...(groups.get(one.incident_id) ?? []), one])
    }
    return groups
  }, [assignments])
  return ({ id }) => (byIncident.get(id) ?? []).map((one) => units[one.unit_id]?.callsign ?? '').join(', ')
}

/** Seconds without a unit on the way after which the time is shown as overdue: 60 s to process (NFPA 1225), then twice. */
const UNDISPATCHED_WARN_S = 60
const UNDISPATCHED_ALARM_S = 120

export function Incidents({ selectedId, onSelect }: IncidentsProps): ReactNode {
  const { t } = useTranslation('supervisor')
  const loaded = useLive((state) => state.loaded)
  const open = useLive(openIncidents)
  const typeName = useTypeName()
  const callsigns = useCallsigns()
  return (
    <Panel className={styles.incidents} title={t('incidents')} count={loaded ? open.length : null}>
      {open.length === 0 && <EmptyState loaded={loaded}>{t('noIncidents')}</EmptyState>}
      {open.map((incident) => {
        const units = callsigns(incident)
        const late = incident.dispatched_at === null
        return (
          <UnstyledButton
            key={incident.id}
            className={styles.incident}
            data-selected={incident.id === selectedId || undefined}
            disabled={onSelect === undefined}
            onClick={() => onSelect?.(incident.id)}
          >
            <PriorityBadge priority={incident.priority} />
            <span className={styles.incidentText}>
              <b>{typeName(incident.type)}</b>
              <span>{incident.place.text}</span>
              <span className={styles.dim}>{units === '' ? t('noUnitYet') : units}</span>
            </span>
            <span className={styles.incidentEnd}>
              <Age
                since={incident.opened_at}
                warnAfterS={late ? UNDISPATCHED_WARN_S : Infinity}
                alarmAfterS={late ? UNDISPATCHED_ALARM_S : Infinity}
              />
              <StatusBadge of={{ kind: 'incident', state: incident.state }} />
              <span className={styles.dim}>{incident.number}</span>
            </span>
          </UnstyledButton>
        )
      })}
    </Panel>
  )
}
