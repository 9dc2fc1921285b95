import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/lib/events/generated'

interface OutsideProps {
  opened: boolean
  busy: boolean
  place: Place | null
  onConfirm: () => void
  onClose: () => void
}

/** The point lies outside of the regency: meant, or a slip of the hand? */
export function OutsideDialog({ opened, busy, place, onConfirm, onClose }: OutsideProps): ReactNode {
  const { t } = useTranslation(['console', 'common'])
  return (
    <Modal opened={opened} onClose={onClose} title={t('outside.title')}>
      <Text size="sm">{t('outside.ask', { place: place?.text ?? '' })}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('outside.back')}
        </Button>
        <Button loading={busy} onClick={onConfirm}>
          {t('outside.confirm')}
        </Button>
      </Group>
    </Modal>
  )
}
