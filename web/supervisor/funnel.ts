/** Pure: shares and the state of a number rule in words' reach. */
import type { NumberRule } from '@/lib/api/care'

/** '12%', '<1%', or a dash where there is nothing to take a share of. */
export function percent(share: number | null): string {
  if (share === null) return '–'
  if (share > 0 && share < 0.01) return '<1%'
  return `${Math.round(share * 100)}%`
}

/** A rule that no PBX has confirmed is not in force yet. */
export function ruleState(rule: Pick<NumberRule, 'ended_at' | 'in_force'>): 'waiting' | 'in_force' | 'ended' {
  if (rule.ended_at !== null) return 'ended'
  return rule.in_force.length === 0 ? 'waiting' : 'in_force'
}
