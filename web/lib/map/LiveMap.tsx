/** The map of incidents and units. This half is light: MapLibre comes in a chunk of its own when a map is first shown. */
import { Center, Loader } from '@mantine/core'
import { Component, lazy, Suspense, type ReactNode } from 'react'
import type { IncidentView, Point, UnitView } from '@/lib/events/generated'
import type { DraftPoint, ExtraFeature } from './features'
import { MapList } from './MapList'
import { useMapTexts } from './texts'

/** Look there now; a new object each time it is asked. */
export interface MapFocus {
  point: Point
  /** Defaults to a close look at a village. */
  zoom?: number
}

export interface LiveMapProps {
  incidents: readonly IncidentView[]
  /** Their newest positions and assignments are read from the live store. */
  units: readonly UnitView[]
  selectedIncidentId?: string | null
  selectedUnitId?: string | null
  /** The place that the call-taker is picking, with its accuracy as a circle. */
  draftPoint?: DraftPoint | null
  /** Marks of the modules' layers. */
  extra?: readonly ExtraFeature[]
  /** A click where neither an incident nor a unit is. */
  onPick?: (point: Point) => void
  onSelectIncident?: (id: string) => void
  onSelectUnit?: (id: string) => void
  focus?: MapFocus | null
  /** False on a wallboard: no buttons. */
  controls?: boolean
}

const View = lazy(() => import('./LiveMapView'))

/** The map's code may fail to load (a deploy in between, no network): then the list stands in. */
class LoadBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}

export function LiveMap(props: LiveMapProps): ReactNode {
  const t = useMapTexts()
  const waiting = (
    <Center h="100%">
      <Loader aria-label={t('loading')} />
    </Center>
  )
  return (
    <LoadBoundary fallback={<MapList {...props} reason={t('notFetched')} />}>
      <Suspense fallback={waiting}>
        <View {...props} />
      </Suspense>
    </LoadBoundary>
  )
}
