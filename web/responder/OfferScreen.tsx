/** An offer fills the screen, sounds and counts down until the crew has answered. */
import { UnstyledButton } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { live } from '@/lib/store'
import { hueVar, PRIORITY, PriorityBadge, useNow } from '@/lib/ui'
import { useAlert } from './alert'
import { countdown } from './flow'
import { distanceText, distanceToIncident, type JobProps } from './job'
import { ReasonSheet } from './ReasonSheet'
import styles from './responder.module.css'
import { sender } from './sender'

const RING_RADIUS = 54
const RING_LENGTH = 2 * Math.PI * RING_RADIUS

function CountdownRing({ offeredAt, expiresAt, colour }: { offeredAt: string; expiresAt: string; colour: string }): ReactNode {
  const { t } = useTranslation('responder')
  useNow() // ticks each second; the ring glides in between
  const { share, seconds } = countdown(offeredAt, expiresAt, live.now())
  return (
    <div className={styles.ring} role="timer" aria-label={t('offer.left', { seconds })}>
      <svg viewBox="0 0 120 120" aria-hidden>
        <circle cx="60" cy="60" r={RING_RADIUS} className={styles.ringTrack} />
        <circle
          cx="60"
          cy="60"
          r={RING_RADIUS}
          className={styles.ringLeft}
          stroke={colour}
          strokeDasharray={RING_LENGTH}
          strokeDashoffset={RING_LENGTH * (1 - share)}
        />
      </svg>
      <b>{seconds}</b>
      <span>{t('offer.seconds')}</span>
    </div>
  )
}

const DECLINE_REASONS = ['vehicle', 'crew', 'far', 'busy', 'unsafe'] as const

/** 'rumah/bangunan' may go on after its stroke, rather than in the middle of a word. */
const breakable = (text: string): string => text.replaceAll('/', '/\u200b')

export function OfferScreen(props: JobProps): ReactNode {
  const { t, i18n } = useTranslation('responder')
  const { assignment, incident, typeName } = props
  const [declining, setDeclining] = useState(false)
  useAlert(true)
  const distance = distanceToIncident(props)
  const colour = hueVar(PRIORITY[incident.priority].hue)
  const { place } = incident
  const area = [place.village, place.kecamatan].filter(Boolean).join(', ')

  return (
    <main className={styles.offer} style={{ '--offer-hue': colour } as React.CSSProperties} role="alertdialog" aria-label={t('offer.title')}>
      <div className={styles.offerTop}>
        <CountdownRing offeredAt={assignment.offered_at} expiresAt={assignment.offer_expires_at} colour={colour} />
        <div>
          <div className={styles.offerKicker}>{t('offer.title')}</div>
          <PriorityBadge priority={incident.priority} large />
          <h1>{breakable(typeName)}</h1>
        </div>
      </div>
      <div className={styles.place}>
        <b>{place.text}</b>
        {area !== '' && area !== place.text && <span>{area}</span>}
      </div>
      <dl className={styles.facts}>
        {distance !== null && (
          <div>
            <dt>{t('distance')}</dt>
            <dd>{distanceText(distance, i18n.language)}</dd>
          </div>
        )}
        {assignment.travel_s !== null && (
          <div>
            <dt>{t('travel')}</dt>
            <dd>{t('min', { ns: 'common', value: Math.max(1, Math.round(assignment.travel_s / 60)) })}</dd>
          </div>
        )}
        <div>
          <dt>{t('number')}</dt>
          <dd>{incident.number}</dd>
        </div>
      </dl>
      <p className={styles.narrative}>{incident.narrative === '' ? t('noNarrative') : incident.narrative}</p>
      <div className={styles.answers}>
        <UnstyledButton className={styles.decline} onClick={() => { setDeclining(true) }}>
          <IconX size={26} stroke={2.4} aria-hidden />
          {t('offer.decline')}
        </UnstyledButton>
        <UnstyledButton
          className={styles.accept}
          onClick={() => { sender.send({ kind: 'assignment', id: assignment.id, act: 'accept' }) }}
        >
          <IconCheck size={30} stroke={2.6} aria-hidden />
          {t('offer.accept')}
        </UnstyledButton>
      </div>
      {declining && (
        <ReasonSheet
          title={t('offer.declineWhy')}
          reasons={DECLINE_REASONS.map((reason) => t(`declineReason.${reason}`))}
          onClose={() => { setDeclining(false) }}
          onChoose={(reason) => {
            setDeclining(false)
            sender.send({ kind: 'assignment', id: assignment.id, act: 'decline', reason })
          }}
        />
      )}
    </main>
  )
}
