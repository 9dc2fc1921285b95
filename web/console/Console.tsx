import type { ReactNode } from 'react'
import { Shell } from '@/lib/ui'

export function Console(): ReactNode {
  return <Shell user={null}>{null}</Shell>
}
