/** Which of the modules' layers lie on the map, with what their marks mean. */
import { Button, Checkbox, Popover } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { modules } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'
import type { ExtraFeature } from '@/lib/map'
import { ShapeMark, TONES } from '@/lib/ui'
import styles from './supervisor.module.css'

const STORED = 'siaga.layers'
const LAYERS_EVERY_MS = 60_000
const nameOf = ({ plugin, name }: { plugin: string; name: string }): string => `${plugin}/${name}`

function storedLayers(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

export interface Layers {
  features: readonly ExtraFeature[]
  control: ReactNode
}

/** The marks of the layers that are switched on, and the switch itself (nothing where no module has a layer). */
export function useLayers(): Layers {
  const { i18n } = useTranslation()
  const [on, setOn] = useState(storedLayers)
  const { data: known } = useQuery({ queryKey: ['layers'], queryFn: ({ signal }) => modules.layers({ signal }) })
  const shown = (known ?? []).filter((layer) => on.includes(nameOf(layer)))
  const features = useQueries({
    queries: shown.map((layer) => ({
      queryKey: ['layer', nameOf(layer), i18n.language],
      queryFn: ({ signal }: { signal: AbortSignal }) => modules.layer(layer.plugin, layer.name, i18n.language, { signal }),
      refetchInterval: LAYERS_EVERY_MS,
    })),
    combine: (results) => results.map(({ data }) => data),
  })
  const all = useMemo(() => features.flatMap((layer) => layer?.features ?? []), [features])
  const change = (name: string, yes: boolean): void => {
    const next = yes ? [...on, name] : on.filter((one) => one !== name)
    localStorage.setItem(STORED, JSON.stringify(next))
    setOn(next)
  }
  const control = known === undefined || known.length === 0 ? null : <Switch layers={known} on={on} onChange={change} />
  return { features: all, control }
}

interface SwitchProps {
  layers: readonly { plugin: string; name: string; label: { id: string; en: string } }[]
  on: readonly string[]
  onChange: (name: string, on: boolean) => void
}

function Switch({ layers, on, onChange }: SwitchProps): ReactNode {
  const { t, i18n } = useTranslation('supervisor')
  const count = layers.filter((layer) => on.includes(nameOf(layer))).length
  return (
    <div className={styles.layers}>
      <Popover position="bottom-start" shadow="md" width={240}>
        <Popover.Target>
          <Button variant="default" leftSection={<IconStack2 size={14} />}>{t('modules.layers', { count })}</Button>
        </Popover.Target>
        <Popover.Dropdown className={styles.layerList}>
          {layers.map((layer) => (
            <Checkbox
              key={nameOf(layer)}
              label={inLanguage(layer.label, i18n.language)}
              checked={on.includes(nameOf(layer))}
              onChange={(event) => { onChange(nameOf(layer), event.currentTarget.checked) }}
            />
          ))}
          <ul>
            {(['plain', 'good', 'warn', 'bad'] as const).map((tone) => (
              <li key={tone}><ShapeMark {...TONES[tone]} size={11} /> {t(`modules.tone.${tone}`)}</li>
            ))}
          </ul>
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
