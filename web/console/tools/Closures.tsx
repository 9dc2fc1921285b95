/** Roads that are closed: which, why, until when; closing one by a click on the map, and opening it again. */
import { Button, Group, Modal, NumberInput, Popover, TextInput } from '@mantine/core'
import { IconBarrierBlock } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { roads, type RoadClosure } from '@/lib/api'
import type { Point } from '@/lib/events/generated'
import { live } from '@/lib/store'
import { shortTime, useCommand } from '@/lib/ui'
import { useDesk } from '../desk'
import { CLOSURES_KEY } from './closed'
import styles from './tools.module.css'

interface Props {
  closures: readonly RoadClosure[]
  picking: boolean
  onPicking: (on: boolean) => void
}

export function Closures({ closures, picking, onPicking }: Props): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const { user } = useDesk()
  const [opened, setOpened] = useState(false)
  const mayClose = user.roles.some((role) => role === 'dispatcher' || role === 'supervisor')
  if (picking) {
    return (
      <>
        <span className={styles.picking}>{t('closures.pick')}</span>
        <Button size="compact-sm" variant="default" onClick={() => onPicking(false)}>
          {t('common:cancel')}
        </Button>
      </>
    )
  }
  if (!mayClose && closures.length === 0) return null
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconBarrierBlock size={14} />} onClick={() => setOpened(!opened)}>
          {t('closures.open', { count: closures.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.panel}>
          <div className={styles.head}>
            <b>{t('closures.title')}</b>
            {mayClose && (
              <Button
                size="compact-sm"
                onClick={() => {
                  setOpened(false)
                  onPicking(true)
                }}
              >
                {t('closures.mark')}
              </Button>
            )}
          </div>
          {closures.length === 0 && <div className={styles.dim}>{t('closures.none')}</div>}
          {closures.map((closure) => (
            <Row key={closure.id} closure={closure} mayOpen={mayClose} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Row({ closure, mayOpen }: { closure: RoadClosure; mayOpen: boolean }): ReactNode {
  const { t } = useTranslation('console')
  const { lookAt } = useDesk()
  const client = useQueryClient()
  const reopen = useCommand((key) => roads.reopen(closure.id, { key }), {
    onDone: () => void client.invalidateQueries({ queryKey: CLOSURES_KEY }),
  })
  const end = closure.until === null ? t('closures.noEnd') : t('closures.until', { time: shortTime(closure.until) })
  const by = closure.closed_by_name === null ? '' : ` · ${t('closures.by', { name: closure.closed_by_name })}`
  return (
    <div className={styles.row}>
      <div>
        <Button size="compact-xs" variant="subtle" onClick={() => lookAt(closure.points[0] ?? null)}>
          {closure.reason}
        </Button>
        <div className={styles.dim}>
          {closure.radius_m} m · {end}
          {by}
        </div>
      </div>
      {mayOpen && (
        <Button size="compact-xs" variant="default" loading={reopen.busy} onClick={() => void reopen.run()}>
          {t('closures.reopen')}
        </Button>
      )}
    </div>
  )
}

const RADIUS_M = 150
const HOUR_MS = 3_600_000

interface DialogProps {
  /** Where it was clicked; null: closed. */
  point: Point | null
  onClose: () => void
}

export function CloseRoadDialog({ point, onClose }: DialogProps): ReactNode {
  const { t } = useTranslation('console')
  return (
    <Modal opened={point !== null} onClose={onClose} title={t('closures.close')}>
      {point !== null && <CloseRoadForm point={point} onClose={onClose} />}
    </Modal>
  )
}

function CloseRoadForm({ point, onClose }: { point: Point; onClose: () => void }): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [radius, setRadius] = useState<number | string>(RADIUS_M)
  const [hours, setHours] = useState<number | string>(6)
  const close = useCommand((key, why: string, radius_m: number, until: string | null) =>
    roads.close({ points: [point], radius_m, reason: why, until }, { key }), {
      onDone: () => {
        void client.invalidateQueries({ queryKey: CLOSURES_KEY })
        onClose()
      },
    })
  const given = reason.trim()
  const ready = given !== '' && typeof radius === 'number'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const until = typeof hours === 'number' ? new Date(live.now() + hours * HOUR_MS).toISOString() : null
        if (ready) void close.run(given, radius, until)
      }}
    >
      <Group gap="xs" mb="sm">
        {[t('closures.flood'), t('closures.tree'), t('closures.slide')].map((preset) => (
          <Button key={preset} variant="default" onClick={() => setReason(preset)}>
            {preset}
          </Button>
        ))}
      </Group>
      <TextInput data-autofocus label={t('closures.why')} value={reason} maxLength={300} onChange={(event) => setReason(event.currentTarget.value)} />
      <Group grow mt="sm">
        <NumberInput label={t('closures.radius')} value={radius} min={10} max={5000} step={50} allowDecimal={false} onChange={setRadius} />
        <NumberInput label={t('closures.hours')} value={hours} min={1} max={720} allowDecimal={false} onChange={setHours} />
      </Group>
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={close.busy} disabled={!ready}>
          {t('closures.close')}
        </Button>
      </Group>
    </form>
  )
}
