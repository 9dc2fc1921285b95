import { Button, Group, Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incidents, type IncidentEdit } from '@/lib/api'
import type { IncidentView, Place, Priority } from '@/lib/events/generated'
import { useCommand } from '@/lib/ui'
import { PlaceSearch } from '../intake/PlaceSearch'

interface EditProps {
  incident: IncidentView
  opened: boolean
  onClose: () => void
}

/** Corrects what was taken down; a change that somebody else made meanwhile is never overwritten (If-Match). */
export function EditDialog({ incident, opened, onClose }: EditProps): ReactNode {
  const { t } = useTranslation('console')
  return (
    <Modal opened={opened} onClose={onClose} title={t('edit.title', { number: incident.number })}>
      <EditForm incident={incident} onClose={onClose} />
    </Modal>
  )
}

/** Crews raise an incident's version with every report: only what can be corrected here makes two people collide. */
function versionOf(opened: IncidentView, now: IncidentView): number {
  const told = ({ priority, narrative, reporting_party, place }: IncidentView): string =>
    JSON.stringify([priority, narrative, reporting_party, place])
  return told(opened) === told(now) ? now.version : opened.version
}

const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

function EditForm({ incident: shown, onClose }: Pick<EditProps, 'incident' | 'onClose'>): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  /** As it was when the dialog opened: that is what the user corrects. */
  const [incident] = useState(shown)
  const [priority, setPriority] = useState(incident.priority)
  const [narrative, setNarrative] = useState(incident.narrative)
  const [party, setParty] = useState(incident.reporting_party ?? '')
  const [place, setPlace] = useState<Place | null>(incident.place)
  const [placeText, setPlaceText] = useState(incident.place.text)
  const save = useCommand(
    (key, edit: IncidentEdit) =>
      incidents.amend(incident.id, edit, { key, ifMatch: versionOf(incident, shown) }),
    { onDone: onClose },
  )
  const submit = (): void => {
    const edit: IncidentEdit = {}
    if (priority !== incident.priority) edit.priority = priority
    if (narrative !== incident.narrative) edit.narrative = narrative
    if (party !== (incident.reporting_party ?? '')) edit.reporting_party = party || null
    if (place !== incident.place) edit.place = place ?? { ...incident.place, text: placeText }
    if (Object.keys(edit).length === 0) onClose()
    else void save.run(edit)
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        value={priority}
        onChange={(value) => setPriority(PRIORITIES.find((one) => one === value) ?? priority)}
        data={PRIORITIES.map((value) => ({ value, label: value }))}
      />
      <PlaceSearch
        text={placeText}
        place={place}
        onText={(text) => {
          setPlaceText(text)
          setPlace(null)
        }}
        onPick={(picked) => {
          setPlace(picked)
          setPlaceText(picked.text)
        }}
      />
      <Textarea
        label={t('intake.narrative')}
        autosize
        minRows={3}
        maxRows={8}
        value={narrative}
        onChange={(event) => setNarrative(event.currentTarget.value)}
      />
      <TextInput label={t('intake.reporter')} value={party} onChange={(event) => setParty(event.currentTarget.value)} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button loading={save.busy} onClick={submit}>
          {t('common:save')}
        </Button>
      </Group>
    </Stack>
  )
}
