import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncidentActBody } from '@/lib/api'
import type { IncidentDisposition } from '@/lib/events/generated'

/** As one closes by hand; `duplicate` is a merge, and `cancelled` an act of its own. */
const DISPOSITIONS: readonly Exclude<IncidentDisposition, 'cancelled' | 'duplicate'>[] = [
  'handled',
  'unfounded',
  'gone_on_arrival',
  'no_patient_found',
  'referred',
]

interface CloseProps {
  opened: boolean
  busy: boolean
  onAct: (body: IncidentActBody) => void
  onClose: () => void
}

export function CloseDialog({ opened, busy, onAct, onClose }: CloseProps): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const [note, setNote] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} title={t('close.title')}>
      <TextInput
        label={t('close.note')}
        value={note}
        maxLength={1000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group gap="sm" mt="md">
        {DISPOSITIONS.map((disposition) => (
          <Button
            key={disposition}
            variant={disposition === 'handled' ? 'filled' : 'default'}
            data-autofocus={disposition === 'handled' || undefined}
            loading={busy}
            onClick={() => onAct({ act: 'close', disposition, note: note.trim() })}
          >
            {t(`common:incidentDisposition.${disposition}`)}
          </Button>
        ))}
      </Group>
    </Modal>
  )
}
