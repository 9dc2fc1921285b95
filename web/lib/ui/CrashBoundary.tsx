import { Button, Stack, Text } from '@mantine/core'
import i18next from 'i18next'
import { Component, type ReactNode } from 'react'

/** Keeps a fault in one panel from taking the whole screen away. */
export class CrashBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <Stack align="center" justify="center" h="100%" gap="sm" p="lg" role="alert">
        <Text fw={600}>{i18next.t('error.crashed')}</Text>
        <Button onClick={() => window.location.reload()}>{i18next.t('error.reload')}</Button>
      </Stack>
    )
  }
}
