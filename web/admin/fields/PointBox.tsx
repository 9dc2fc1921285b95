/** A point: typed as 'lat, lon', taken from the device, or picked on the map; the map's code comes when it is opened. */
import { Button, TextInput } from '@mantine/core'
import { IconCurrentLocation, IconMap } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LiveMap } from '@/lib/map'
import { showError } from '@/lib/ui'
import styles from '../admin.module.css'
import type { BoxProps, Common } from './FieldBox'
import { parsePoint, pointText } from './typed'

const LOCATE_WITHIN_MS = 15_000

export function PointBox({ value, onChange, common, disabled }: BoxProps & { common: Common }): ReactNode {
  const { t } = useTranslation('admin')
  const [open, setOpen] = useState(false)
  const [lost, setLost] = useState(false)
  const draft = useMemo(() => {
    const point = parsePoint(value)
    return point === null ? null : { point, accuracyM: null }
  }, [value])
  const locate = (): void => {
    if (!('geolocation' in navigator)) { setLost(true); return }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setLost(false); onChange(pointText({ lat: coords.latitude, lon: coords.longitude })) },
      () => { setLost(true) },
      { enableHighAccuracy: true, timeout: LOCATE_WITHIN_MS },
    )
  }
  const copy = (): void => { navigator.clipboard.writeText(value).catch(showError) }
  return (
    <div>
      <TextInput
        {...common}
        error={common.error ?? (lost ? t('point.lost') : undefined)}
        placeholder="-1.29381, 116.51234"
        autoComplete="off"
        value={value}
        onChange={(event) => { setLost(false); onChange(event.currentTarget.value) }}
      />
      <div className={styles.inline}>
        <Button variant="default" leftSection={<IconMap size={14} />} aria-expanded={open} onClick={() => { setOpen(!open) }}>
          {open ? t('point.closeMap') : t('point.openMap')}
        </Button>
        {disabled !== true && (
          <Button variant="default" leftSection={<IconCurrentLocation size={14} />} onClick={locate}>
            {t('point.here')}
          </Button>
        )}
        {disabled === true && value !== '' && <Button variant="default" onClick={copy}>{t('point.copy')}</Button>}
      </div>
      {open && (
        <div className={styles.map}>
          <LiveMap incidents={[]} units={[]} draftPoint={draft} onPick={(point) => { if (disabled !== true) onChange(pointText(point)) }} />
        </div>
      )}
    </div>
  )
}
