/** More callers than seats: says so, gathers callers by the big incident, and one key keeps what a further caller adds. */
import { Button, Group, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { care, type FloodGroup } from '@/lib/api/care'
import type { CallView } from '@/lib/events/generated'
import { openIncidents, useLive, waitingCalls } from '@/lib/store'
import { KeyHint, readable, ShapeMark, showDone, useCommand, useTypeName } from '@/lib/ui'
import console from '../console.module.css'
import { useDesk } from '../desk'
import { KEYS, useKeys } from '../keys'
import { isFlood } from './care'
import styles from './care.module.css'
import { useLoad } from './useLoad'

export function Flood({ call, onDisposed }: { call: CallView | null; onDisposed: () => void }): ReactNode {
  const [opened, setOpened] = useState(false)
  const { data: load } = useLoad()
  const waiting = useLive(waitingCalls).filter((one) => one.state !== 'in_ivr').length
  const flooding = isFlood(waiting, load)
  const groups = load?.groups ?? []
  const talking = call !== null && call.state !== 'ringing' && call.incident_id === null
  useKeys({ alreadyReported: () => setOpened(talking) })
  const open = talking ? () => setOpened(true) : null
  return (
    <>
      {(flooding || groups.length > 0) && (
        <Banner flooding={flooding} waiting={waiting} seats={load?.seats ?? null} groups={groups} onOpen={open} />
      )}
      {talking && (
        <AlreadyReported
          key={call.id}
          call={call}
          groups={groups}
          opened={opened}
          onClose={() => setOpened(false)}
          onDisposed={onDisposed}
        />
      )}
    </>
  )
}

interface BannerProps {
  flooding: boolean
  waiting: number
  seats: number | null
  groups: readonly FloodGroup[]
  onOpen: (() => void) | null
}

function Banner({ flooding, waiting, seats, groups, onOpen }: BannerProps): ReactNode {
  const { t } = useTranslation('calls')
  const { select } = useDesk()
  const incidents = useLive((state) => state.incidents)
  const typeName = useTypeName()
  return (
    <div className={styles.flood} data-flooding={flooding} role="status">
      <ShapeMark shape={flooding ? 'octagon' : 'triangle'} hue={flooding ? 'critical' : 'high'} size={14} />
      <b>{flooding ? t('flood.now', { waiting, seats: seats ?? '–' }) : t('flood.big')}</b>
      {groups.slice(0, 3).map((group) => {
        const incident = incidents[group.incident_id]
        return (
          <button
            key={group.incident_id}
            type="button"
            className={console.linkButton}
            onClick={() => {
              if (incident !== undefined) select(incident)
            }}
          >
            {group.number} {incident === undefined ? '' : typeName(incident.type)} ·{' '}
            {t('flood.group', { calls: group.calls_linked, waiting: group.waiting.length })}
          </button>
        )
      })}
      <span className={console.grow} />
      <Button
        size="compact-xs"
        variant="default"
        disabled={onOpen === null}
        onClick={onOpen ?? undefined}
        leftSection={<IconUsersGroup size={13} />}
        rightSection={<KeyHint>{KEYS.alreadyReported}</KeyHint>}
      >
        {t('again.act')}
      </Button>
    </div>
  )
}

interface AgainProps {
  call: CallView
  groups: readonly FloodGroup[]
  opened: boolean
  onClose: () => void
  onDisposed: () => void
}

/** The likeliest incident is chosen already: Enter is enough, and what is new is one field away. */
function AlreadyReported({ call, groups, opened, onClose, onDisposed }: AgainProps): ReactNode {
  const { t } = useTranslation('calls')
  return (
    <Modal opened={opened} onClose={onClose} title={t('again.title')}>
      <AgainForm call={call} groups={groups} onClose={onClose} onDisposed={onDisposed} />
    </Modal>
  )
}

function AgainForm({ call, groups, onClose, onDisposed }: Omit<AgainProps, 'opened'>): ReactNode {
  const { t } = useTranslation(['calls', 'common'])
  const { selectedId } = useDesk()
  const open = useLive(openIncidents)
  const typeName = useTypeName()
  const first = groups[0]?.incident_id ?? selectedId ?? open[0]?.id ?? null
  const [incidentId, setIncidentId] = useState(first)
  const [place, setPlace] = useState('')
  const [facts, setFacts] = useState('')
  const send = useCommand(
    (key, incident_id: string, text: string, where: string) => {
      const said = where.trim() === '' ? null : { text: where.trim(), point: null, accuracy_m: null, village_code: null, village: null, kecamatan: null, source: 'caller' }
      return care.alreadyReported(call.id, { incident_id, facts: text.trim(), place: said }, { key })
    },
    {
      onDone: () => {
        onClose()
        onDisposed()
        showDone(t('again.done'))
      },
    },
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (incidentId !== null) void send.run(incidentId, facts, place)
      }}
    >
      <p className={console.dim}>{t('again.keeps', { number: call.ani === null ? t('common:number.none') : readable(call.ani) })}</p>
      <Select
        label={t('again.incident')}
        data={open.map((one) => ({ value: one.id, label: `${one.number} ${typeName(one.type)} – ${one.place.text}` }))}
        value={incidentId}
        onChange={setIncidentId}
        searchable
        nothingFoundMessage={t('again.none')}
      />
      <Textarea
        data-autofocus
        mt="sm"
        label={t('again.facts')}
        value={facts}
        maxLength={2000}
        onChange={(event) => setFacts(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }
        }}
      />
      <TextInput mt="sm" label={t('again.place')} value={place} maxLength={300} onChange={(event) => setPlace(event.currentTarget.value)} />
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={send.busy} disabled={incidentId === null} rightSection={<KeyHint>Enter</KeyHint>}>
          {t('again.send')}
        </Button>
      </Group>
    </form>
  )
}
