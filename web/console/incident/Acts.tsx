/** What one may do with the incident as a whole. */
import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents, recommendation, type IncidentActBody } from '@/lib/api'
import { twins } from '@/lib/api/geo'
import { useCommand } from '@/lib/ui'
import { CloseDialog } from './CloseDialog'
import { EditDialog } from './EditDialog'
import type { Shown } from './IncidentPanel'
import { MergeDialog } from './MergeDialog'
import { ReasonDialog } from './ReasonDialog'

type Dialog = 'close' | 'cancel' | 'reopen' | 'merge' | 'edit' | 'alarmUp' | 'alarmDown' | null

/** As dispatch.incidents.rules.HIGHEST_ALARM. */
const HIGHEST_ALARM = 4

export function Acts({ shown }: { shown: Shown }): ReactNode {
  const { t } = useTranslation('console')
  const { incident, ended } = shown
  const [dialog, setDialog] = useState<Dialog>(null)
  const act = useCommand((key, body: IncidentActBody) => incidents.act(incident.id, body, { key }), {
    onDone: () => setDialog(null),
  })
  const setLevel = useCommand(
    (key, level: number, reason: string) => recommendation.setAlarmLevel(incident.id, level, reason, { key }),
    { onDone: () => setDialog(null) },
  )
  const level = incident.alarm_level + (dialog === 'alarmDown' ? -1 : 1)
  const unmerge = useCommand((key) => twins.unmerge(incident.id, { key }))
  const done = (): void => setDialog(null)
  const atWork = ['dispatched', 'en_route', 'on_scene'].includes(incident.state)
  return (
    <>
      {atWork && (
        <Button variant="default" loading={act.busy} onClick={() => void act.run({ act: 'under_control' })}>
          {t('act.under_control')}
        </Button>
      )}
      {!ended && (
        <Button variant="default" onClick={() => setDialog('close')}>
          {t('act.close')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={13} />}>
            {t('act.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {ended ? (
            incident.state === 'merged' ? (
              <Menu.Item onClick={() => void unmerge.run()}>{t('act.unmerge')}</Menu.Item>
            ) : (
              <Menu.Item onClick={() => setDialog('reopen')}>{t('act.reopen')}</Menu.Item>
            )
          ) : (
            <>
              <Menu.Item onClick={() => setDialog('edit')}>{t('act.edit')}</Menu.Item>
              <Menu.Item onClick={() => void act.run({ act: 'resolve' })}>{t('act.resolve')}</Menu.Item>
              <Menu.Item onClick={() => setDialog('merge')}>{t('act.merge')}</Menu.Item>
              {incident.alarm_level < HIGHEST_ALARM && (
                <Menu.Item onClick={() => setDialog('alarmUp')}>
                  {t('act.alarmUp', { level: incident.alarm_level + 1 })}
                </Menu.Item>
              )}
              {incident.alarm_level > 1 && (
                <Menu.Item onClick={() => setDialog('alarmDown')}>
                  {t('act.alarmDown', { level: incident.alarm_level - 1 })}
                </Menu.Item>
              )}
              <Menu.Divider />
              <Menu.Item color="alert" onClick={() => setDialog('cancel')}>
                {t('act.cancel')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <CloseDialog opened={dialog === 'close'} busy={act.busy} onClose={done} onAct={(body) => void act.run(body)} />
      <ReasonDialog
        title={t('act.cancel')}
        label={t('reason.why')}
        presets={[t('reason.falseReport'), t('reason.callerWithdrew')]}
        opened={dialog === 'cancel'}
        busy={act.busy}
        onClose={done}
        onReason={(reason) => void act.run({ act: 'cancel', reason })}
      />
      <ReasonDialog
        title={t('act.reopen')}
        label={t('reason.why')}
        presets={[t('reason.flaredUp'), t('reason.closedByMistake')]}
        opened={dialog === 'reopen'}
        busy={act.busy}
        onClose={done}
        onReason={(reason) => void act.run({ act: 'reopen', reason })}
      />
      <ReasonDialog
        title={t('send.alarmTitle', { level })}
        label={t('reason.why')}
        presets={dialog === 'alarmDown' ? [t('send.alarmDown')] : [t('send.alarmSpread'), t('send.alarmMany')]}
        opened={dialog === 'alarmUp' || dialog === 'alarmDown'}
        busy={setLevel.busy}
        onClose={done}
        onReason={(reason) => void setLevel.run(level, reason)}
      />
      <MergeDialog incident={incident} opened={dialog === 'merge'} onClose={done} />
      <EditDialog incident={incident} opened={dialog === 'edit'} onClose={done} />
    </>
  )
}
