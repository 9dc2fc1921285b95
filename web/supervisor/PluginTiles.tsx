/** The modules' figures in one row under the counters; nothing where no module gives any. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { modules } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import { shortTime, ShapeMark, TONES } from '@/lib/ui'
import styles from './supervisor.module.css'

/** These figures are days' and markets', not seconds'. */
const TILES_EVERY_MS = 60_000

export function PluginTiles(): ReactNode {
  const { t, i18n } = useTranslation('supervisor')
  const { data } = useQuery({
    queryKey: ['tiles', i18n.language],
    queryFn: ({ signal }) => modules.tiles(i18n.language, { signal }),
    refetchInterval: TILES_EVERY_MS,
  })
  if (data === undefined || data.length === 0) return null
  return (
    <section className={styles.pluginTiles} aria-label={t('modules.tiles')}>
      {data.map((tile) => (
        <div key={`${tile.plugin}/${tile.name}`} className={styles.pluginTile} title={t('modules.at', { time: shortTime(tile.at) })}>
          <span className={styles.tileLabel}>{inLanguage(tile.label, i18n.language)}</span>
          {tile.tone !== 'plain' && <ShapeMark {...TONES[tile.tone]} size={10} />}
          <b>{tile.value ?? '–'}</b>
          {tile.value !== null && tile.unit !== '' && <span>{tile.unit}</span>}
          {tile.hint !== '' && <span className={styles.tileNote}>{tile.hint}</span>}
        </div>
      ))}
    </section>
  )
}
