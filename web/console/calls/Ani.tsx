import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallView } from '@/lib/events/generated'
import styles from '../console.module.css'

/** '+6281250001234' → '+62 812-5000-1234'; anything that is not E.164 stays as the network gave it. */
export function readable(ani: string): string {
  const parts = /^\+62(\d{3})(\d{3,4})(\d{3,5})$/.exec(ani)
  return parts === null ? ani : `+62 ${parts[1]}-${parts[2]}-${parts[3]}`
}

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
