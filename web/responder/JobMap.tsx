/** The job on our own map; a chunk of its own, so that the phone loads no map code before it is opened. */
import { useMemo, type ReactNode } from 'react'
import { LiveMap, type MapFocus } from '@/lib/map'
import type { JobProps } from './job'

export default function JobMap({ incident, unit, track }: JobProps): ReactNode {
  const incidents = useMemo(() => [incident], [incident])
  const { last } = track
  const units = useMemo(() => {
    if (last === null) return [unit]
    const { lat, lon, at, accuracy_m = null, speed_kmh = null, heading = null } = last
    return [{ ...unit, position: { unit_id: unit.id, point: { lat, lon }, at, accuracy_m, speed_kmh, heading } }]
  }, [unit, last])
  const { point } = incident.place
  const focus = useMemo<MapFocus | null>(() => (point === null ? null : { point, zoom: 12.5 }), [point])
  return <LiveMap incidents={incidents} units={units} selectedIncidentId={incident.id} focus={focus} />
}
