/** Every unit on duty by agency, with what it does now. */
import { Menu, SegmentedControl, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { units as unitApi, type UnitAct } from '@/lib/api'
import type { UnitView } from '@/lib/events/generated'
import { allUnits, useLive } from '@/lib/store'
import { Age, EmptyState, Panel, StatusBadge, useAgencyName, useCommand } from '@/lib/ui'
import styles from '../console.module.css'
import { useDesk } from '../desk'
import { ReasonDialog } from '../incident/ReasonDialog'
import { byAgency } from '../select'

export function UnitBoard(): ReactNode {
  const { t } = useTranslation('console')
  const loaded = useLive((state) => state.loaded)
  const units = useLive(allUnits)
  const [scope, setScope] = useState<'duty' | 'all'>('duty')
  const groups = byAgency(units, scope === 'all')
  const agencyName = useAgencyName()
  const ready = units.filter((unit) => unit.state === 'available').length
  return (
    <Panel
      className={styles.units}
      title={t('units.title')}
      count={loaded ? ready : null}
      actions={
        <SegmentedControl
          size="xs"
          value={scope}
          onChange={(value) => setScope(value === 'all' ? 'all' : 'duty')}
          data={[
            { value: 'duty', label: t('units.duty') },
            { value: 'all', label: t('units.all') },
          ]}
        />
      }
    >
      {groups.length === 0 && <EmptyState loaded={loaded}>{t('units.none')}</EmptyState>}
      {groups.map(([agency, members]) => (
        <div key={agency}>
          <h3 className={styles.agency}>
            {agencyName(agency)}
            <span>
              {members.filter((unit) => unit.state === 'available').length}/{members.length}
            </span>
          </h3>
          {members.map((unit) => (
            <UnitRow key={unit.id} unit={unit} />
          ))}
        </div>
      ))}
    </Panel>
  )
}

/** What may be entered for a unit that reports by radio. */
function actsOf(unit: UnitView): UnitAct[] {
  if (unit.state === 'off_duty') return ['go_on_duty']
  if (unit.state === 'out_of_service') return ['return_to_service', 'go_off_duty']
  return unit.state === 'available' ? ['go_out_of_service', 'go_off_duty'] : []
}

function UnitRow({ unit }: { unit: UnitView }): ReactNode {
  const { t } = useTranslation('console')
  const desk = useDesk()
  const [asking, setAsking] = useState(false)
  const assignment = useLive((state) =>
    unit.assignment_id === null ? null : (state.assignments[unit.assignment_id] ?? null),
  )
  const incident = useLive((state) => (unit.incident_id === null ? null : (state.incidents[unit.incident_id] ?? null)))
  const position = useLive((state) => state.positions[unit.id] ?? null)
  const command = useCommand((key, act: UnitAct, reason?: string) => unitApi.act(unit.id, act, reason, { key }))
  const start = (act: UnitAct): void => {
    if (act === 'go_out_of_service') setAsking(true)
    else void command.run(act)
  }
  return (
    <>
      <Menu position="left-start">
        <Menu.Target>
          <UnstyledButton className={styles.unitRow}>
            <b className={styles.unitName}>{unit.callsign}</b>
            {assignment === null ? (
              <StatusBadge of={{ kind: 'unit', state: unit.state }} />
            ) : (
              <StatusBadge of={{ kind: 'assignment', state: assignment.state }} />
            )}
            <span className={styles.unitAbout}>
              {incident?.number ?? unit.out_of_service_reason ?? unit.station}
            </span>
            <span className={styles.rowAge}>{position !== null && <Age since={position.at} />}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {unit.callsign} · {unit.station}
            {unit.crew.length > 0 && ` · ${unit.crew.join(', ')}`}
          </Menu.Label>
          {incident !== null && <Menu.Item onClick={() => desk.select(incident)}>{t('units.showIncident')}</Menu.Item>}
          {position !== null && <Menu.Item onClick={() => desk.lookAt(position.point)}>{t('units.showOnMap')}</Menu.Item>}
          {actsOf(unit).map((act) => (
            <Menu.Item key={act} onClick={() => start(act)}>
              {t(`units.act.${act}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ReasonDialog
        title={`${unit.callsign}: ${t('units.act.go_out_of_service')}`}
        label={t('reason.why')}
        presets={[t('reason.brokenDown'), t('reason.refuel')]}
        opened={asking}
        busy={command.busy}
        onClose={() => setAsking(false)}
        onReason={(reason) => {
          setAsking(false)
          void command.run('go_out_of_service', reason)
        }}
      />
    </>
  )
}
