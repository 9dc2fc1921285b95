/** The job: where, what, whom to call, and one big button for the next status. */
import { UnstyledButton } from '@mantine/core'
import {
  IconAmbulance, IconArrowBackUp, IconBuildingHospital, IconCircleCheck, IconFlagCheck, IconMapPin, IconMessage2, IconNavigation,
  IconPhone, IconRoad, IconShieldCheck, IconX,
} from '@tabler/icons-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Age, PriorityBadge, showDone } from '@/lib/ui'
import { nextActs, steps, type CrewAct } from './flow'
import { distanceText, distanceToIncident, navigationLink, type JobProps } from './job'
import { ReasonSheet } from './ReasonSheet'
import styles from './responder.module.css'
import { sender, useOutbox } from './sender'
import { UNDO_MS, useUndo } from './useUndo'

const JobMap = lazy(() => import('./JobMap'))

const ACT_ICONS: Readonly<Partial<Record<CrewAct, typeof IconRoad>>> = {
  depart: IconRoad,
  arrive: IconFlagCheck,
  transport: IconAmbulance,
  reach_facility: IconBuildingHospital,
  clear: IconCircleCheck,
}

function Progress({ job }: { job: JobProps }): ReactNode {
  const { t } = useTranslation()
  const { assignment, unit } = job
  const way = steps(unit.capabilities.includes('ambulance'))
  const at = way.indexOf(assignment.state)
  return (
    <ol className={styles.progress}>
      {way.map((step, i) => (
        <li key={step} data-done={i <= at || undefined} aria-current={i === at ? 'step' : undefined}>
          {t(`assignmentState.${step}`)}
        </li>
      ))}
    </ol>
  )
}

function PlaceCard({ job, onMap }: { job: JobProps; onMap: () => void }): ReactNode {
  const { t, i18n } = useTranslation('responder')
  const { incident } = job
  const { place, reporting_number, reporting_party } = incident
  const distance = distanceToIncident(job)
  const area = [place.village, place.kecamatan].filter(Boolean).join(', ')
  const facts = [
    area !== place.text ? area : '',
    distance === null ? '' : t('awayBy', { distance: distanceText(distance, i18n.language) }),
    place.accuracy_m === null ? '' : t('good', { distance: distanceText(place.accuracy_m, i18n.language) }),
  ]
  return (
    <section className={styles.card}>
      <div className={styles.place}>
        <b>{place.text}</b>
        <span>{facts.filter(Boolean).join(' · ')}</span>
      </div>
      <div className={styles.tools}>
        {place.point !== null && (
          <>
            <a className={styles.tool} href={navigationLink(place.point, place.text)}>
              <IconNavigation size={24} aria-hidden />
              {t('navigate')}
            </a>
            <UnstyledButton className={styles.tool} onClick={onMap}>
              <IconMapPin size={24} aria-hidden />
              {t('map')}
            </UnstyledButton>
          </>
        )}
        {reporting_number !== null && (
          <a className={styles.tool} href={`tel:${reporting_number}`}>
            <IconPhone size={24} aria-hidden />
            {reporting_party ?? t('callReporter')}
          </a>
        )}
      </div>
    </section>
  )
}

interface StatusProps {
  job: JobProps
  /** Lesser buttons that stand in one row with the lesser status. */
  children: ReactNode
}

/** The big button; for three seconds after a touch it becomes the way back. */
function StatusButtons({ job, children }: StatusProps): ReactNode {
  const { t } = useTranslation('responder')
  const { assignment, unit } = job
  const { main, other } = nextActs(assignment.state, unit.capabilities.includes('ambulance'))
  const undo = useUndo<CrewAct>((act, pressedAt) => { sender.send({ kind: 'assignment', id: assignment.id, act }, pressedAt) })
  const button = (act: CrewAct, className: string | undefined, size: number): ReactNode => {
    const Icon = ACT_ICONS[act] ?? IconCircleCheck
    return (
      <UnstyledButton className={className} onClick={() => { undo.press(act) }}>
        <Icon size={size} stroke={2} aria-hidden />
        {t(`act.${act}`)}
      </UnstyledButton>
    )
  }
  return (
    <>
      <div className={styles.sheetRow}>
        {children}
        {other !== null && undo.pending === null && button(other, styles.plain, 20)}
      </div>
      {undo.pending === null && main !== null && button(main, styles.main, 30)}
      {undo.pending !== null && (
        <UnstyledButton className={styles.undo} style={{ '--undo': `${UNDO_MS}ms` }} onClick={undo.undo}>
          <span className={styles.undoDone}>{t(`act.${undo.pending}`)}</span>
          <span className={styles.undoBack}>
            <IconArrowBackUp size={24} aria-hidden />
            {t('undo')}
          </span>
        </UnstyledButton>
      )}
    </>
  )
}

const QUICK_NOTES = ['moreUnits', 'ambulance', 'police', 'roadClosed', 'nothingFound'] as const

export function JobScreen(job: JobProps): ReactNode {
  const { t } = useTranslation('responder')
  const { assignment, incident, typeName } = job
  const [open, setOpen] = useState<'note' | 'map' | null>(null)
  const close = (): void => { setOpen(null) }
  const { waiting } = useOutbox()
  const reported = waiting.some(({ body }) => body.kind === 'incident' && body.id === incident.id)
  const controllable = assignment.state === 'on_scene' && incident.state === 'on_scene' && !reported
  return (
    <main className={styles.job}>
      <div className={styles.scroll}>
        <div className={styles.jobTop}>
          <PriorityBadge priority={incident.priority} large />
          <h1>{typeName}</h1>
          <span className={styles.dim}>
            {incident.number} · <Age since={incident.opened_at} />
          </span>
        </div>
        <Progress job={job} />
        <PlaceCard job={job} onMap={() => { setOpen('map') }} />
        <p className={styles.narrative}>{incident.narrative === '' ? t('noNarrative') : incident.narrative}</p>
      </div>
      <div className={styles.actions}>
        <StatusButtons job={job}>
          <UnstyledButton className={styles.plain} onClick={() => { setOpen('note') }}>
            <IconMessage2 size={20} aria-hidden />
            {t('note')}
          </UnstyledButton>
          {controllable && (
            <UnstyledButton
              className={styles.plain}
              onClick={() => { sender.send({ kind: 'incident', id: incident.id, act: 'under_control' }) }}
            >
              <IconShieldCheck size={20} aria-hidden />
              {t('underControl')}
            </UnstyledButton>
          )}
        </StatusButtons>
      </div>
      {open === 'note' && (
        <ReasonSheet
          title={t('noteTitle')}
          reasons={QUICK_NOTES.map((one) => t(`quickNote.${one}`))}
          onClose={close}
          onChoose={(text) => {
            close()
            sender.send({ kind: 'note', id: incident.id, text })
            showDone(t('noteKept'))
          }}
        />
      )}
      {open === 'map' && (
        <div className={styles.mapSheet} role="dialog" aria-modal aria-label={t('map')}>
          <Suspense fallback={null}>
            <JobMap {...job} />
          </Suspense>
          <UnstyledButton className={styles.mapClose} onClick={close}>
            <IconX size={24} aria-hidden />
            {t('close', { ns: 'common' })}
          </UnstyledButton>
        </div>
      )}
    </main>
  )
}
