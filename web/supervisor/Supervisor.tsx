/** The supervisor's view: the map in the middle, the centre's numbers above, calls to its left, alarms and incidents right. */
import { Button, Loader } from '@mantine/core'
import { IconDeviceTv } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents as details, people } from '@/lib/api'
import type { IncidentView, UserView } from '@/lib/events/generated'
import { LiveMap } from '@/lib/map'
import { allUnits, live, openIncidents, useLive, type LiveState } from '@/lib/store'
import { Shell } from '@/lib/ui'
import { Alarms } from './Alarms'
import { useLayers } from './LayerSwitch'
import { PluginTiles } from './PluginTiles'
import { CallCare } from './CallCare'
import { Desks, Queue } from './Calls'
import { Counters } from './Counters'
import { IncidentDetail } from './IncidentDetail'
import { Incidents } from './Incidents'
import styles from './supervisor.module.css'
import { UnitCard } from './UnitCard'
import { Agencies } from './Units'
import { Wallboard } from './Wallboard'

export function Supervisor(): ReactNode {
  const { t } = useTranslation()
  const { data: user } = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => people.session({ signal }) })
  const signedIn = user !== undefined
  useEffect(() => {
    if (signedIn) live.start(['ops', 'positions'])
  }, [signedIn])
  if (user === undefined) {
    return (
      <div className={styles.centre}>
        <Loader aria-label={t('loading')} />
      </div>
    )
  }
  return new URLSearchParams(window.location.search).has('wallboard') ? <Wallboard /> : <Desk user={user} />
}

/** The incident that was chosen, also after it has ended and left the live state. */
function useIncident(id: string | null): IncidentView | null {
  const open = useLive(useCallback((state: LiveState) => (id === null ? null : (state.incidents[id] ?? null)), [id]))
  const ended = useQuery({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => details.detail(id ?? '', { signal }),
    enabled: id !== null && open === null,
  })
  return open ?? ended.data?.incident ?? null
}

function Desk({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation('supervisor')
  const [incidentId, setIncidentId] = useState<string | null>(null)
  const [unitId, setUnitId] = useState<string | null>(null)
  const incidents = useLive(openIncidents)
  const units = useLive(allUnits)
  const incident = useIncident(incidentId)
  const unit = units.find((one) => one.id === unitId) ?? null
  const layers = useLayers()
  const clear = (): void => {
    setIncidentId(null)
    setUnitId(null)
  }
  return (
    <Shell
      user={user}
      header={
        <>
          <CallCare user={user} />
          <Button variant="default" component="a" href="?wallboard" leftSection={<IconDeviceTv size={14} />}>
            {t('wallboard')}
          </Button>
        </>
      }
    >
      <div className={styles.desk}>
        <Counters />
        <PluginTiles />
        <div className={styles.left}>
          <Queue />
          <Desks user={user} />
          <Agencies />
        </div>
        <div className={styles.map}>
          <LiveMap
            incidents={incidents}
            units={units}
            selectedIncidentId={incidentId}
            selectedUnitId={unitId}
            onSelectIncident={setIncidentId}
            onSelectUnit={setUnitId}
            onPick={clear}
            extra={layers.features}
          />
          {unit === null && layers.control}
          {unit !== null && <UnitCard unit={unit} onClose={() => { setUnitId(null) }} onIncident={setIncidentId} />}
        </div>
        <div className={styles.right}>
          <Alarms onSelect={setIncidentId} />
          {incident === null ? (
            <Incidents selectedId={incidentId} onSelect={setIncidentId} />
          ) : (
            <IncidentDetail incident={incident} onClose={() => { setIncidentId(null) }} />
          )}
        </div>
      </div>
    </Shell>
  )
}
