/** The map's texts come with the map, so that a face need not name its namespace. */
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import en from '@/lib/i18n/en/map.json'
import id from '@/lib/i18n/id/map.json'

export function useMapTexts(): TFunction<'map'> {
  const { t, i18n } = useTranslation('map')
  if (!i18n.hasResourceBundle('id', 'map')) {
    i18n.addResourceBundle('id', 'map', id)
    i18n.addResourceBundle('en', 'map', en)
  }
  return t
}
