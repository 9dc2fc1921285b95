/** Stands in for the map where it cannot be drawn: the same incidents and units as words. */
import { Alert, List, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import type { LiveMapProps } from './LiveMap'
import { useMapTexts } from './texts'

export function MapList(props: LiveMapProps & { reason: string }): ReactNode {
  const t = useMapTexts()
  return (
    <Stack p="md" gap="sm">
      <Alert color="yellow" title={t('insteadList')}>
        {props.reason}
      </Alert>
      <Title order={3} size="h5">
        {t('incidents', { count: props.incidents.length })}
      </Title>
      <List spacing={4}>
        {props.incidents.map((incident) => (
          <List.Item key={incident.id}>
            <UnstyledButton onClick={() => props.onSelectIncident?.(incident.id)}>
              <Text span fw={700}>{`${incident.priority} ${incident.number}`}</Text>
              <Text span>{` · ${incident.place.text}`}</Text>
            </UnstyledButton>
          </List.Item>
        ))}
      </List>
      <Title order={3} size="h5">
        {t('units', { count: props.units.length })}
      </Title>
      <List spacing={4}>
        {props.units.map((unit) => (
          <List.Item key={unit.id}>
            <UnstyledButton onClick={() => props.onSelectUnit?.(unit.id)}>
              <Text span fw={700}>{unit.callsign}</Text>
              <Text span>{` · ${unit.station}`}</Text>
            </UnstyledButton>
          </List.Item>
        ))}
      </List>
    </Stack>
  )
}
