/** The heavy half of LiveMap: everything that needs MapLibre. Loaded only when a map is first shown. */
import { ActionIcon, Tooltip, useComputedColorScheme } from '@mantine/core'
import { IconFocusCentered, IconMinus, IconPlus, IconZoomScan } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState, type ReactNode, type RefCallback } from 'react'
import type { Point } from '@/lib/events/generated'
import { live, useLive } from '@/lib/store'
import { MapEngine, type MapActs } from './engine'
import { assignmentLines, draftFeatures, extraFeatures, incidentFeatures, unitFeatures } from './features'
import { boxAround } from './geo'
import type { LiveMapProps } from './LiveMap'
import { MapList } from './MapList'
import { REGENCY } from './style'
import { useMapTexts } from './texts'

/** Staleness is looked at this often; the threshold is two minutes. */
const RECHECK_EVERY_MS = 15_000

/** Creates the engine once; null while it starts, 'failed' where there is no WebGL. */
function useEngine(acts: MapActs): { engine: MapEngine | 'failed' | null; holder: RefCallback<HTMLDivElement> } {
  const t = useMapTexts()
  const scheme = useComputedColorScheme('dark')
  const [engine, setEngine] = useState<MapEngine | 'failed' | null>(null)
  const latest = useRef({ acts, scheme, t })
  useEffect(() => {
    latest.current = { acts, scheme, t }
  })

  const holder = useCallback((node: HTMLDivElement) => {
    const { scheme: first, t: say } = latest.current
    try {
      const made = new MapEngine(node, first, { title: say('title'), attribution: say('approximate'), close: say('close') }, {
        onPick: (point) => { latest.current.acts.onPick(point) },
        onIncident: (id) => { latest.current.acts.onIncident(id) },
        onUnit: (id) => { latest.current.acts.onUnit(id) },
        onContext: (alive) => { latest.current.acts.onContext(alive) },
      })
      setEngine(made)
      return () => {
        made.destroy()
        setEngine(null)
      }
    } catch {
      setEngine('failed') // MapLibre throws where no WebGL 2 context can be made
      return undefined
    }
  }, [])

  useEffect(() => {
    if (engine instanceof MapEngine) engine.repaint(scheme)
  }, [engine, scheme])
  return { engine, holder }
}

/** The store's clock, read anew now and then. */
function useCoarseNow(): number {
  const [now, setNow] = useState(() => live.now())
  useEffect(() => {
    const timer = setInterval(() => { setNow(live.now()) }, RECHECK_EVERY_MS)
    return () => { clearInterval(timer) }
  }, [])
  return now
}

/** Hands the engine what is to be drawn, source by source, so that a moved unit does not rebuild the incidents. */
function useFeed(engine: MapEngine | null, props: LiveMapProps): void {
  const { incidents, units, selectedIncidentId = null, selectedUnitId = null, draftPoint = null, extra } = props
  const positions = useLive((state) => state.positions)
  const assignments = useLive((state) => state.assignments)
  const now = useCoarseNow()
  useEffect(() => {
    engine?.feed('incidents', incidentFeatures(incidents, selectedIncidentId))
  }, [engine, incidents, selectedIncidentId])
  useEffect(() => {
    const parts = { positions, assignments }
    engine?.feed('units', unitFeatures(units, parts, selectedUnitId, now))
    engine?.feed('lines', assignmentLines(units, incidents, parts, selectedIncidentId))
  }, [engine, units, positions, assignments, selectedUnitId, now, incidents, selectedIncidentId])
  useEffect(() => {
    engine?.feed('draft', draftFeatures(draftPoint))
  }, [engine, draftPoint])
  useEffect(() => {
    engine?.feed('extra', extraFeatures(extra ?? []))
  }, [engine, extra])
}

/** Moves the view when something is selected, picked or asked for. */
function useCamera(engine: MapEngine | null, props: LiveMapProps): void {
  const { incidents, units, selectedIncidentId = null, selectedUnitId = null, draftPoint = null, focus = null } = props
  const look = useRef({ incidents, units })
  useEffect(() => {
    look.current = { incidents, units }
  })
  useEffect(() => {
    const point = look.current.incidents.find((incident) => incident.id === selectedIncidentId)?.place.point
    if (engine && point) engine.show(point)
  }, [engine, selectedIncidentId])
  useEffect(() => {
    const unit = look.current.units.find((candidate) => candidate.id === selectedUnitId)
    const point = unit && (live.getState().positions[unit.id] ?? unit.position)?.point
    if (engine && point) engine.show(point)
  }, [engine, selectedUnitId])
  useEffect(() => {
    if (engine && draftPoint) engine.show(draftPoint.point)
  }, [engine, draftPoint])
  useEffect(() => {
    if (engine && focus) engine.show(focus.point, focus.zoom ?? 13)
  }, [engine, focus])
}

function MapButton(props: { label: string; onClick: () => void; children: ReactNode }): ReactNode {
  return (
    <Tooltip label={props.label} position="left">
      <ActionIcon variant="default" size="lg" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

export default function LiveMapView(props: LiveMapProps): ReactNode {
  const t = useMapTexts()
  const [alive, setAlive] = useState(true)
  const { engine, holder } = useEngine({
    onPick: (point) => props.onPick?.(point),
    onIncident: (id) => props.onSelectIncident?.(id),
    onUnit: (id) => props.onSelectUnit?.(id),
    onContext: setAlive,
  })
  const drawing = engine instanceof MapEngine ? engine : null
  useFeed(drawing, props)
  useCamera(drawing, props)

  const fitIncidents = (): void => {
    const points = props.incidents.flatMap((incident): Point[] => (incident.place.point ? [incident.place.point] : []))
    const box = boxAround(points)
    if (box) drawing?.fit(box)
  }
  const lost = engine === 'failed' || !alive
  return (
    <div className="siaga-map">
      <div ref={holder} className="siaga-map-canvas" />
      {lost && (
        <div className="siaga-map-lost">
          <MapList {...props} reason={engine === 'failed' ? t('noWebgl') : t('contextLost')} />
        </div>
      )}
      {!lost && props.controls !== false && (
        <div className="siaga-map-buttons">
          <MapButton label={t('zoomIn')} onClick={() => drawing?.zoomBy(1)}>
            <IconPlus size={18} />
          </MapButton>
          <MapButton label={t('zoomOut')} onClick={() => drawing?.zoomBy(-1)}>
            <IconMinus size={18} />
          </MapButton>
          <MapButton label={t('fitRegion')} onClick={() => drawing?.fit(REGENCY, 16)}>
            <IconZoomScan size={18} />
          </MapButton>
          {props.incidents.length > 0 && (
            <MapButton label={t('fitIncidents')} onClick={fitIncidents}>
              <IconFocusCentered size={18} />
            </MapButton>
          )}
        </div>
      )}
    </div>
  )
}
