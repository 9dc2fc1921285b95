/** What drops down from the connection light; with the code of pop-overs, which a page is drawn without. */
import { Popover } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import styles from './shell.module.css'

export default function LightPanel({ light, children }: { light: ReactElement; children: ReactNode }): ReactNode {
  return (
    <Popover width={360} position="bottom-end" withArrow shadow="md">
      <Popover.Target>{light}</Popover.Target>
      <Popover.Dropdown className={styles.lightPanel}>{children}</Popover.Dropdown>
    </Popover>
  )
}
