import { Alert, Button, FileButton } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { gazetteer, type PlaceFile, type PlacePreview } from '@/lib/api/geo'
import { inLanguage } from '@/lib/i18n'
import { errorText, showDone, useCommand } from '@/lib/ui'
import styles from '../admin.module.css'
import { formatOf } from './edit'

const MOST_SHOWN = 40

/** A file of places: looked at whole first, then taken as a whole. */
export function FilePanel({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation('admin')
  const client = useQueryClient()
  const [file, setFile] = useState<PlaceFile | null>(null)
  const [preview, setPreview] = useState<PlacePreview | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const failed = (error: unknown): boolean => { setProblem(errorText(error).message); return true }
  const look = useCommand((key: string, chosen: PlaceFile) => gazetteer.preview(chosen, { key }), { onDone: setPreview, onError: failed })
  const take = useCommand((key: string, chosen: PlaceFile) => gazetteer.take(chosen, { key }), {
    onDone: (change) => {
      setPreview(null)
      setFile(null)
      void client.invalidateQueries({ queryKey: ['gazetteer'] })
      void client.invalidateQueries({ queryKey: ['gazetteer-changes'] })
      showDone(t('places.taken', { count: change.rows }))
    },
    onError: failed,
  })
  const choose = async (chosen: File | null): Promise<void> => {
    if (chosen === null) return
    const next: PlaceFile = { format: formatOf(chosen.name), text: await chosen.text(), title: chosen.name }
    setFile(next)
    setPreview(null)
    setProblem(null)
    await look.run(next)
  }
  const nothing = preview !== null && preview.adds + preview.changes === 0
  return (
    <div className={styles.sideBody}>
      <div className={styles.form}>
        <p className={styles.dim}>{t('places.fileHint')}</p>
        <FileButton accept=".csv,.geojson,.json" onChange={(chosen) => void choose(chosen)}>
          {(props) => <Button {...props} variant="default" loading={look.busy} leftSection={<IconFileImport size={14} />}>{t('places.choose')}</Button>}
        </FileButton>
        {problem !== null && <Alert color="alert" role="alert">{problem}</Alert>}
        {preview !== null && <Preview preview={preview} />}
        {file !== null && preview !== null && preview.faults.length === 0 && (
          <Button loading={take.busy} disabled={nothing} onClick={() => void take.run(file)}>{t(nothing ? 'places.nothing' : 'places.take')}</Button>
        )}
      </div>
      {children}
    </div>
  )
}

function Preview({ preview }: { preview: PlacePreview }): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const { adds, changes, same, faults, rows } = preview
  return (
    <>
      <p role="status"><b>{t('places.preview', { adds, changes, same })}</b></p>
      {faults.length > 0 && (
        <Alert color="alert" role="alert" title={t('places.faulty')}>
          <ul>
            {faults.slice(0, MOST_SHOWN).map((fault) => (
              <li key={`${String(fault.row)}${fault.field}${fault.en}`}>
                {fault.row > 0 && `${t('places.row', { row: fault.row })}: `}
                {fault.field}: {inLanguage(fault, i18n.language)}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <ul className={styles.dim}>
        {rows.filter(({ deed }) => deed !== 'same').slice(0, MOST_SHOWN).map((row) => (
          <li key={row.row}>{t(`places.deed.${row.deed}`)}: {row.name} {row.changes.length > 0 && `(${row.changes.join(', ')})`}</li>
        ))}
      </ul>
    </>
  )
}
