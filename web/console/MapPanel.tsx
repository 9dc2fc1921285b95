import { useMemo, useState, type ReactNode } from 'react'
import { places } from '@/lib/api'
import type { Point } from '@/lib/events/generated'
import { LiveMap } from '@/lib/map'
import { allUnits, openIncidents, useLive } from '@/lib/store'
import { showError } from '@/lib/ui'
import styles from './console.module.css'
import { useDesk } from './desk'
import type { Draft } from './intake/draft'
import { useClosureMarks, useClosures } from './tools/closed'
import { Closures, CloseRoadDialog } from './tools/Closures'
import { JointPanel } from './tools/JointPanel'
import tools from './tools/tools.module.css'

/** A click is as good as the eye and the zoom: the radius in metres that is said of a point picked on the map. */
const PICK_ACCURACY_M = 50

/** The map; a click on it is the place of the report that is being taken. */
export function MapPanel({ draft }: { draft: Draft }): ReactNode {
  const desk = useDesk()
  const incidents = useLive(openIncidents)
  const units = useLive(allUnits)
  const { point, accuracy_m } = draft.value.place ?? { point: null, accuracy_m: null }
  const draftPoint = useMemo(() => (point === null ? null : { point, accuracyM: accuracy_m }), [point, accuracy_m])

  const closures = useClosures()
  const marks = useClosureMarks(closures)
  const [closing, setClosing] = useState(false)
  const [closedAt, setClosedAt] = useState<Point | null>(null)

  const pick = async (picked: Point): Promise<void> => {
    const bare = {
      text: `${picked.lat.toFixed(5)}, ${picked.lon.toFixed(5)}`,
      point: picked,
      accuracy_m: PICK_ACCURACY_M,
      village_code: null,
      village: null,
      kecamatan: null,
      source: 'map',
    }
    draft.set({ place: bare, placeWarning: null })
    try {
      const { place, warning } = await places.reverse(picked.lat, picked.lon)
      draft.set({
        place: { ...place, point: picked, source: 'map', accuracy_m: place.accuracy_m ?? PICK_ACCURACY_M },
        placeWarning: warning,
      })
    } catch (error) {
      showError(error)
    }
  }

  return (
    <div className={styles.map}>
      <div className={tools.frame}>
        <div className={tools.tools}>
          <Closures closures={closures} picking={closing} onPicking={setClosing} />
          <JointPanel />
        </div>
        <LiveMap
          incidents={incidents}
          units={units}
          selectedIncidentId={desk.selectedId}
          draftPoint={draftPoint}
          focus={desk.focus}
          extra={marks}
          onPick={(picked) => {
            if (!closing) {
              void pick(picked)
              return
            }
            setClosing(false)
            setClosedAt(picked)
          }}
          onSelectIncident={(id) => desk.select(incidents.find((incident) => incident.id === id) ?? null)}
        />
        <CloseRoadDialog point={closedAt} onClose={() => setClosedAt(null)} />
      </div>
    </div>
  )
}
