import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallView } from '@/lib/events/generated'
import { readable } from '@/lib/ui'
import styles from '../console.module.css'

/** The caller's number, and the name if the network gave one. */
export function Ani({ call }: { call: Pick<CallView, 'ani' | 'ani_withheld' | 'caller_name'> }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className={styles.ani}>
      {call.ani === null ? t(call.ani_withheld ? 'number.withheld' : 'number.none') : readable(call.ani)}
      {call.caller_name !== null && <span className={styles.dim}> {call.caller_name}</span>}
    </span>
  )
}
