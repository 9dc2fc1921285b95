/** The call-taker's and dispatcher's one screen: session, live data, layout. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { people } from '@/lib/api'
import type { Point, UserView } from '@/lib/events/generated'
import type { MapFocus } from '@/lib/map'
import { live, useLive, type LiveState } from '@/lib/store'
import { CrashBoundary, Shell } from '@/lib/ui'
import { AlarmsPanel } from './board/AlarmsPanel'
import { IncidentList } from './board/IncidentList'
import { UnitBoard } from './board/UnitBoard'
import { DeskControl } from './calls/DeskControl'
import care from './calls/care.module.css'
import { Flood } from './calls/Flood'
import { OwnCall } from './calls/OwnCall'
import { QueuePanel } from './calls/QueuePanel'
import { SeatPicker } from './calls/SeatPicker'
import styles from './console.module.css'
import { DeskContext, type Desk } from './desk'
import { IncidentPanel } from './incident/IncidentPanel'
import { draftKey, useDraft } from './intake/draft'
import { Intake } from './intake/Intake'
import { KeyHelp } from './KeyHelp'
import { MapPanel } from './MapPanel'
import { ownCall, seatOf } from './select'

export function Console(): ReactNode {
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => people.session({ signal }) })
  const user = session.data ?? null
  const userId = user?.id
  useEffect(() => {
    if (userId !== undefined) live.start(['ops', 'positions'])
  }, [userId])
  return (
    <Shell user={user} header={user === null ? null : <Header user={user} />}>
      {user !== null && <Work user={user} />}
    </Shell>
  )
}

const agentsOf = (state: LiveState): LiveState['agents'] => state.agents
const callsOf = (state: LiveState): LiveState['calls'] => state.calls

function Header({ user }: { user: UserView }): ReactNode {
  const seat = seatOf(user, useLive(agentsOf))
  return (
    <>
      <KeyHelp />
      {seat !== null && <DeskControl seat={seat} />}
      <SeatPicker user={user} seat={seat} />
    </>
  )
}

function useDeskState(user: UserView): Desk {
  const seat = seatOf(user, useLive(agentsOf))
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const [focus, setFocus] = useState<MapFocus | null>(null)
  const names = useQuery({
    queryKey: ['names'],
    queryFn: ({ signal }) => people.names({ signal }),
    staleTime: 10 * 60_000,
  }).data
  return useMemo(() => {
    const known = new Map(names?.map((name) => [name.id, name.display_name]))
    const lookAt = (point: Point | null): void => {
      if (point !== null) setFocus({ point })
    }
    return {
      user,
      seat,
      selectedId,
      focus,
      lookAt,
      select: (incident) => {
        setSelectedId(incident?.id ?? null)
        lookAt(incident?.place.point ?? null)
      },
      nameOf: (id) => (id === null ? null : (known.get(id) ?? null)),
    }
  }, [user, seat, selectedId, focus, names])
}

function Work({ user }: { user: UserView }): ReactNode {
  const desk = useDeskState(user)
  const call = ownCall(useLive(callsOf), desk.seat)
  const about = call !== null && call.state !== 'ringing' ? call : null
  const draft = useDraft(draftKey(about))
  return (
    <DeskContext value={desk}>
      <div className={care.frame}>
        <Flood call={about} onDisposed={draft.clear} />
        <div className={styles.work}>
          <div className={styles.left}>
            <QueuePanel />
            <OwnCall call={call} onDisposed={draft.clear} />
            <CrashBoundary>
              <Intake key={draftKey(about)} call={about} draft={draft} />
            </CrashBoundary>
          </div>
          <div className={styles.centre}>
            <CrashBoundary>
              <MapPanel draft={draft} />
            </CrashBoundary>
            <CrashBoundary>
              <IncidentPanel />
            </CrashBoundary>
          </div>
          <div className={styles.right}>
            <AlarmsPanel />
            <IncidentList />
            <UnitBoard />
          </div>
        </div>
      </div>
    </DeskContext>
  )
}
