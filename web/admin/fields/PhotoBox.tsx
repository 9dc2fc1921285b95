/** A picture: chosen or taken, made smaller on the device, uploaded at once, shown. */
import { Button, Input } from '@mantine/core'
import { IconPhotoUp } from '@tabler/icons-react'
import { useEffect, useId, useRef, useState, type ChangeEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { plugins } from '../api'
import type { BoxProps, Common } from './FieldBox'

/** The server takes no more than 5 MB; a phone's photo is often larger than a page needs. */
const LONGEST_SIDE_PX = 2000
const QUALITY = 0.85
const SMALL_ENOUGH_BYTES = 1_000_000

/** The picture at most `LONGEST_SIDE_PX` long, as JPEG; what cannot be drawn here goes as it is. */
async function smaller(file: File): Promise<Blob> {
  if (!file.type.startsWith('image/') || file.size <= SMALL_ENOUGH_BYTES) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const made = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY) })
    return made ?? file
  } catch {
    return file // a PDF or an unknown format: the server says what it takes
  }
}

export function PhotoBox({ plugin, value, onChange, common, disabled }: BoxProps & { common: Common }): ReactNode {
  const { t } = useTranslation('admin')
  const id = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const [preview, setPreview] = useState<string | null>(null)
  const [failed, setFailed] = useState<string | undefined>(undefined)
  useEffect(() => () => { if (preview !== null) URL.revokeObjectURL(preview) }, [preview])
  const { run, busy } = useCommand((key: string, file: Blob) => plugins.upload(plugin, file, { key }), {
    onDone: ({ id: stored }) => { onChange(stored) },
    onError: (error) => {
      const { title, message } = errorText(error)
      setFailed(message === '' ? title : `${title}. ${message}`)
      setPreview(null)
      return true
    },
  })
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.currentTarget.files?.[0]
    event.currentTarget.value = ''
    if (file === undefined) return
    setFailed(undefined)
    setPreview(URL.createObjectURL(file))
    void smaller(file).then(run)
  }
  const shown = preview ?? (value === '' ? null : plugins.fileAt(value))
  return (
    <Input.Wrapper label={common.label} description={common.description} error={common.error ?? failed} required={common.required} id={id}>
      <input ref={chooser} id={id} type="file" accept="image/png,image/jpeg,image/webp" hidden onChange={chosen} />
      {shown !== null && <img className={styles.photo} src={shown} alt={common.label} />}
      {disabled !== true && (
        <div className={styles.inline}>
          <Button variant="default" leftSection={<IconPhotoUp size={14} />} loading={busy} aria-invalid={common.error !== undefined} onClick={() => chooser.current?.click()}>
            {shown === null ? t('photo.choose') : t('photo.other')}
          </Button>
          {shown !== null && !busy && (
            <Button variant="subtle" onClick={() => { setPreview(null); onChange('') }}>{t('photo.remove')}</Button>
          )}
        </div>
      )}
    </Input.Wrapper>
  )
}
