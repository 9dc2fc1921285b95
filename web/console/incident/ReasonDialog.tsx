import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ReasonProps {
  title: string
  label: string
  /** Frequent reasons: one press each. */
  presets: readonly string[]
  opened: boolean
  busy: boolean
  onReason: (reason: string) => void
  onClose: () => void
}

/** Asks why, before something is done that the record must explain. */
export function ReasonDialog(props: ReasonProps): ReactNode {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <ReasonForm {...props} />
    </Modal>
  )
}

function ReasonForm({ label, presets, busy, onReason, onClose }: ReasonProps): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  const [reason, setReason] = useState('')
  const given = reason.trim()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (given !== '') onReason(given)
      }}
    >
      <Group gap="xs" mb="sm">
        {presets.map((preset) => (
          <Button key={preset} variant="default" onClick={() => onReason(preset)}>
            {preset}
          </Button>
        ))}
      </Group>
      <TextInput
        data-autofocus
        label={label}
        value={reason}
        maxLength={300}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={given === ''}>
          {t('reason.go')}
        </Button>
      </Group>
    </form>
  )
}
