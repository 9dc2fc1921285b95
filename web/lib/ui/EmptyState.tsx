import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './shell.module.css'

/** Says whether nothing is there, or nothing was loaded: on an emergency screen these must never look alike. */
export function EmptyState({ loaded, children }: { loaded: boolean; children: ReactNode }): ReactNode {
  const { t } = useTranslation()
  if (loaded) return <div className={styles.empty}>{children}</div>
  return (
    <div className={styles.notLoaded} role="status">
      <Text inherit fw={600}>
        {t('notLoaded')}
      </Text>
      {t('notLoadedWhy')}
    </div>
  )
}
