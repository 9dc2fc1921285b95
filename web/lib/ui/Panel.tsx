import type { ReactNode } from 'react'
import styles from './panel.module.css'

interface PanelProps {
  title: ReactNode
  /** How many are in it; null while that is not known. */
  count?: number | null
  /** Buttons and switches at the right of the title. */
  actions?: ReactNode
  className?: string
  children: ReactNode
}

/** A titled region whose body scrolls by itself, so that nothing beside it ever moves. */
export function Panel({ title, count, actions, className, children }: PanelProps): ReactNode {
  return (
    <section className={[styles.panel, className].filter(Boolean).join(' ')}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {count !== undefined && <span className={styles.count}>{count ?? '–'}</span>}
        <div className={styles.actions}>{actions}</div>
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  )
}
