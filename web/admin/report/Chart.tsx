/** A chart by uPlot, in the theme's colours; each series has a dash of its own besides its colour. */
import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { HUES, type Hue } from '@/lib/ui'
import styles from '../admin.module.css'
import { decimalText } from '../fields/numbers'
import type { ChartBlock } from '../model'
import { columnsOf, isBar, labelledAt } from './series'

const SERIES_HUES: readonly Hue[] = ['accent', 'high', 'ready', 'offered', 'carrying', 'medium', 'critical', 'quiet']
const DASHES: readonly number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3]]
const HEIGHT_PX = 260
/** Width that a label needs under the axis. */
const LABEL_PX = 70
const FONT = '12px "Inter Variable", sans-serif'

const hueOf = (at: number): Hue => SERIES_HUES[at % SERIES_HUES.length] ?? 'accent'
const dashOf = (at: number): number[] => DASHES[at % DASHES.length] ?? []

interface Look {
  scheme: 'dark' | 'light'
  language: string
  width: number
}

function seriesOf(block: ChartBlock, { scheme, language }: Look): uPlot.Series[] {
  const count = block.series.length
  return block.series.map(({ name }, at) => {
    const colour = HUES[hueOf(at)][scheme]
    const bars = uPlot.paths.bars?.({ size: [0.7 / count, 60], align: at === 0 && count === 1 ? 0 : count === 2 ? (at === 0 ? -1 : 1) : 0 })
    return {
      label: name,
      stroke: colour,
      width: 2,
      spanGaps: false,
      value: (_self: uPlot, value: number | null) => (value === null ? '–' : `${decimalText(String(value), language)} ${block.unit}`.trim()),
      ...(isBar(block) ? { fill: `${colour}88`, ...(bars === undefined ? {} : { paths: bars }), points: { show: false } } : { dash: dashOf(at), points: { size: 5 } }),
    }
  })
}

function optionsOf(block: ChartBlock, look: Look): uPlot.Options {
  const line = look.scheme === 'dark' ? '#252f3a' : '#d3dae1'
  const text = HUES.quiet[look.scheme]
  const axis = { stroke: text, font: FONT, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } }
  const last = Math.max(0, block.labels.length - 1)
  const margin = isBar(block) ? 0.6 : 0.2
  return {
    width: look.width,
    height: HEIGHT_PX,
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: false, range: [-margin, last + margin] }, y: { range: (_self, low, high) => spread(low, high, isBar(block)) } },
    axes: [
      {
        ...axis,
        splits: () => labelledAt(block.labels.length, Math.floor(look.width / LABEL_PX)),
        values: (_self, places) => places.map((at) => block.labels[at] ?? ''),
      },
      { ...axis, size: 74, values: (_self, values) => values.map((value) => decimalText(String(value), look.language)) },
    ],
    series: [{ label: ' ', value: (_self, at: number | null) => (at === null ? '' : (block.labels[at] ?? '')) }, ...seriesOf(block, look)],
  }
}

/** Bars stand on nought; lines fill the height. One value alone, or none, still has an axis. */
function spread(low: number | null, high: number | null, fromNought: boolean): [number, number] {
  const least = fromNought ? Math.min(0, low ?? 0) : (low ?? 0)
  const most = high ?? 1
  const room = (most - least || Math.abs(most) || 1) * 0.08
  return [fromNought && least === 0 ? 0 : least - room, most + room]
}

export default function Chart({ block }: { block: ChartBlock }): ReactNode {
  const { i18n } = useTranslation()
  const scheme = useComputedColorScheme('dark')
  const holder = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const node = holder.current
    if (node === null) return undefined
    const watch = new ResizeObserver(([entry]) => { setWidth(Math.floor(entry?.contentRect.width ?? 0)) })
    watch.observe(node)
    return () => { watch.disconnect() }
  }, [])
  useEffect(() => {
    const node = holder.current
    if (node === null || width === 0) return undefined
    const chart = new uPlot(optionsOf(block, { scheme, language: i18n.language, width }), columnsOf(block), node)
    return () => { chart.destroy() }
  }, [block, scheme, i18n.language, width])
  return <div ref={holder} className={styles.chart} role="img" aria-label={block.title} style={{ minHeight: HEIGHT_PX }} />
}
