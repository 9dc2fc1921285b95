/** Pure: a chart's figures as the drawing library wants them. */
import type { ChartBlock } from '../model'

/** Places along the axis, then each series; what is not known is null and drawn as a gap. */
export function columnsOf(block: ChartBlock): [number[], ...(number | null)[][]] {
  const places = block.labels.map((_, at) => at)
  const series = block.series.map(({ values }) =>
    places.map((at) => {
      const value = values[at]
      if (value === null || value === undefined || value === '') return null
      const number = Number(value)
      return Number.isFinite(number) ? number : null
    }),
  )
  return [places, ...series]
}

/** Which labels are written under an axis that has room for `most`: evenly spread, the last always among them. */
export function labelledAt(count: number, most: number): number[] {
  if (count === 0) return []
  const step = Math.max(1, Math.ceil(count / Math.max(1, most)))
  const last = count - 1
  return Array.from({ length: count }, (_, at) => at).filter((at) => (last - at) % step === 0)
}

export const isBar = (block: ChartBlock): boolean => (block.style ?? block.chart) === 'bar'
