/** Pure: a place of the gazetteer as a form holds it, and back. */
import type { PlaceEdit, PlaceFacts } from '@/lib/api/geo'

export interface TypedPlace {
  name: string
  kind: string
  village_code: string
  /** 'lat, lon' in degrees; empty where the point is not known. */
  point: string
  accuracy_m: string
  /** One in each line. */
  variants: string
  active: boolean
}

export const EMPTY: TypedPlace = { name: '', kind: '', village_code: '', point: '', accuracy_m: '', variants: '', active: true }

export function typedOf(place: PlaceFacts): TypedPlace {
  return {
    name: place.name,
    kind: place.kind,
    village_code: place.village_code ?? '',
    point: place.lat === null || place.lon === null ? '' : `${place.lat}, ${place.lon}`,
    accuracy_m: place.accuracy_m === null ? '' : String(place.accuracy_m),
    variants: place.variants.join('\n'),
    active: place.active,
  }
}

/** Null where the point is no 'lat, lon'. */
export function editOf(typed: TypedPlace): PlaceEdit | null {
  const at = typed.point.trim() === '' ? null : typed.point.split(/\s*[,;]\s*|\s+/).filter(Boolean).map(Number)
  if (at !== null && (at.length !== 2 || at.some((degrees) => !Number.isFinite(degrees)))) return null
  return {
    name: typed.name.trim(),
    kind: typed.kind.trim(),
    village_code: typed.village_code === '' ? null : typed.village_code,
    lat: at?.[0] ?? null,
    lon: at?.[1] ?? null,
    accuracy_m: typed.accuracy_m.trim() === '' ? null : Number(typed.accuracy_m),
    variants: [...new Set(typed.variants.split('\n').map((line) => line.trim()).filter(Boolean))],
    active: typed.active,
  }
}

/** A file's format by its name. */
export const formatOf = (name: string): 'csv' | 'geojson' => (/\.(geo)?json$/i.test(name) ? 'geojson' : 'csv')
