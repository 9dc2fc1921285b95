/** Several incidents that need units: one proposal for all of them, to be taken whole or line by line. */
import { Button, Popover } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconArrowsShuffle } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, recommendation, type Joint, type JointPick } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import { useLive, type LiveState } from '@/lib/store'
import { showError, useCommand } from '@/lib/ui'
import { TravelNotes } from '../incident/Grounds'
import styles from './tools.module.css'

/** Changes whenever an incident or a unit does, so that the proposal is asked for again. */
const mark = (state: LiveState): string =>
  [
    ...Object.values(state.incidents).map((one) => one.id + String(one.version)),
    ...Object.values(state.units).map((one) => one.id + one.state),
  ].join()

/** Changes come in bursts: one question after the last of them. */
const SETTLED_MS = 1_000
/** Units drive: the proposal is asked for again at least this often. */
const REFRESH_MS = 30_000

const minutes = (seconds: number | null): string => (seconds === null ? '–' : String(Math.max(1, Math.round(seconds / 60))))

export function JointPanel(): ReactNode {
  const { t } = useTranslation('console')
  const [opened, setOpened] = useState(false)
  const now = useLive(mark)
  const [settled] = useDebouncedValue(now, SETTLED_MS)
  const query = useQuery({
    queryKey: ['joint', settled],
    queryFn: ({ signal }) => recommendation.joint({ signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  const joint = query.data
  if (joint === undefined || joint.incidents < 2 || joint.picks.length === 0) return null
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconArrowsShuffle size={14} />} onClick={() => setOpened(!opened)}>
          {t('joint.open', { count: joint.incidents })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Proposal joint={joint} stale={settled !== now || query.isPlaceholderData} />
      </Popover.Dropdown>
    </Popover>
  )
}

/** `stale`: something changed since this was reckoned, so nobody may take it until the next answer is there. */
function Proposal({ joint, stale }: { joint: Joint; stale: boolean }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const units = useLive((state) => state.units)
  const client = useQueryClient()
  const callsign = (unitId: string): string => units[unitId]?.callsign ?? unitId
  const accept = useCommand(
    (key, picks: { incident_id: string; unit_id: string }[]) => recommendation.offerJoint(picks, { key }),
    {
      onDone: ({ refused }) => {
        for (const { unit_id, why } of refused) {
          showError(new ApiError(409, 'conflict', t('joint.refused', { callsign: callsign(unit_id), why })))
        }
        void client.invalidateQueries({ queryKey: ['joint'] })
      },
    },
  )
  const take = (picks: readonly JointPick[]): void => {
    void accept.run(picks.map(({ incident_id, unit_id }) => ({ incident_id, unit_id })))
  }
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <b>{t('joint.title', { count: joint.incidents })}</b>
        <Button size="compact-sm" loading={accept.busy || stale} onClick={() => take(joint.picks)}>
          {t('joint.all', { count: joint.picks.length })}
        </Button>
      </div>
      <div className={styles.dim}>
        {t('joint.compare', { mean: minutes(joint.mean_s), inTurn: minutes(joint.in_turn_mean_s) })}
        {joint.in_turn_open > 0 && ` · ${t('joint.compareOpen', { count: joint.in_turn_open })}`}
      </div>
      <TravelNotes travel={joint.travel} />
      {joint.picks.map((pick) => (
        <PickRow key={pick.incident_id + pick.unit_id} pick={pick} callsign={callsign(pick.unit_id)} busy={accept.busy || stale} onTake={() => take([pick])} />
      ))}
      {joint.short.map((one) => (
        <div key={one.incident_id + one.capability} className={styles.short}>
          <IconAlertTriangle size={13} />
          {t('joint.short', { number: one.incident_number, missing: one.missing, capability: t(`common:capability.${one.capability}`) })}
        </div>
      ))}
    </div>
  )
}

interface PickProps {
  pick: JointPick
  callsign: string
  busy: boolean
  onTake: () => void
}

function PickRow({ pick, callsign, busy, onTake }: PickProps): ReactNode {
  const { t, i18n } = useTranslation(['console', 'common'])
  return (
    <div className={styles.row}>
      <div>
        <b>{callsign}</b> → {pick.incident_number} · {t(`common:capability.${pick.capability}`)}
        <div className={styles.dim}>{inLanguage(pick.why, i18n.language)}</div>
      </div>
      <Button size="compact-xs" variant="default" disabled={busy} onClick={onTake}>
        {t('joint.one')}
      </Button>
    </div>
  )
}
