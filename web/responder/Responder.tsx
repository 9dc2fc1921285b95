/** The crew's phone: waiting, an offer over the whole screen, or the job with its one big button. */
import { Loader } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssignmentView } from '@/lib/events/generated'
import { useTypeName } from '@/lib/ui'
import { unlockSound, useWakeLock } from './alert'
import { Header } from './Header'
import { IdleScreen } from './IdleScreen'
import { isWorking, newer, predicted } from './flow'
import { JobScreen } from './JobScreen'
import { OfferScreen } from './OfferScreen'
import { waitingActs, type Outbox } from './outbox'
import styles from './responder.module.css'
import { useAnswered, useOutbox } from './sender'
import { useTrack } from './tracker'
import { useCrew, type Crew } from './useCrew'

/** The assignment as it will be when what waits in the outbox has arrived. */
function withWaiting(assignment: AssignmentView | null, box: Outbox): AssignmentView | null {
  if (assignment === null) return null
  return { ...assignment, state: predicted(assignment.state, waitingActs(box, assignment.id)) }
}

/** Any first touch lets the page sound. */
function useSoundOnTouch(): void {
  useEffect(() => {
    const unlock = (): void => void unlockSound()
    document.addEventListener('pointerdown', unlock, { once: true })
    return () => { document.removeEventListener('pointerdown', unlock) }
  }, [])
}

export function Responder(): ReactNode {
  const { t } = useTranslation('responder')
  const crew = useCrew()
  const box = useOutbox()
  const answered = useAnswered()
  const assignment = withWaiting(crew.assignment && newer(crew.assignment, answered), box)
  const working = assignment !== null && isWorking(assignment.state)
  const onDuty = crew.unit !== null && crew.unit.state !== 'off_duty'
  const track = useTrack(onDuty, working)
  useWakeLock(working || assignment?.state === 'offered')
  useSoundOnTouch()

  if (crew.user === null) return <div className={styles.centre}><Loader aria-label={t('loading', { ns: 'common' })} /></div>
  if (crew.user.unit_id === null) return <NoUnit crew={crew} />
  return (
    <div className={styles.page}>
      <Header crew={crew} track={track} sharing={onDuty} waiting={box.waiting.length} />
      <Body crew={crew} assignment={assignment} track={track} />
    </div>
  )
}

function NoUnit({ crew }: { crew: Crew }): ReactNode {
  const { t } = useTranslation('responder')
  return (
    <div className={styles.page}>
      <Header crew={crew} track={null} sharing={false} waiting={0} />
      <p className={styles.centre}>{t('noUnit')}</p>
    </div>
  )
}

interface BodyProps {
  crew: Crew
  assignment: AssignmentView | null
  track: ReturnType<typeof useTrack>
}

function Body({ crew, assignment, track }: BodyProps): ReactNode {
  const { t } = useTranslation('responder')
  const typeName = useTypeName()
  const { unit, incident } = crew
  if (unit === null) {
    return (
      <div className={styles.centre}>
        <Loader />
        <p>{t('notLoadedWhy', { ns: 'common' })}</p>
      </div>
    )
  }
  if (assignment !== null && incident !== null) {
    const job = { unit, assignment, incident, track, typeName: typeName(incident.type) }
    if (assignment.state === 'offered') return <OfferScreen key={assignment.id} {...job} />
    if (isWorking(assignment.state)) return <JobScreen key={assignment.id} {...job} />
  }
  return <IdleScreen unit={unit} assignments={crew.assignments} />
}
