/** The roads that are closed now, as rows and as marks on the map. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { roads, type RoadClosure } from '@/lib/api'
import type { ExtraFeature } from '@/lib/map'

export const CLOSURES_KEY = ['road-closures'] as const

/** Others close roads too. */
const REFRESH_MS = 15_000

const NONE: readonly RoadClosure[] = []

export function useClosures(): readonly RoadClosure[] {
  const query = useQuery({
    queryKey: CLOSURES_KEY,
    queryFn: ({ signal }) => roads.closures({ signal }),
    refetchInterval: REFRESH_MS,
  })
  return query.data ?? NONE
}

export function useClosureMarks(closures: readonly RoadClosure[]): readonly ExtraFeature[] {
  const { t } = useTranslation('console')
  const title = t('closures.mapTitle')
  return useMemo(
    () =>
      closures.flatMap(({ points, reason, radius_m }) =>
        points.map(({ lat, lon }) => ({
          type: 'Feature' as const,
          geometry: { type: 'Point' as const, coordinates: [lon, lat] as [number, number] },
          properties: { title, text: `${reason} (${String(radius_m)} m)`, link: null, tone: 'bad' as const },
        })),
      ),
    [closures, title],
  )
}
