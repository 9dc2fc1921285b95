/** Places, notes on premises and likely twins: what goes beyond the plain search. */
import type { CallView, IncidentView, Point } from '@/lib/events/generated'
import { command, get, type CommandOptions, type RequestOptions } from './client'
import type { PlaceHit, Similar, Text } from './types'

export interface GeocodedPlace {
  found: PlaceHit
  source: string
  /** Not in the regency. */
  outside: boolean
}

export interface Geocoded {
  items: GeocodedPlace[]
  sources: { name: string; state: 'ok' | 'failed' | 'resting' | 'busy' }[]
}

export const NOTE_KINDS = ['hazard', 'access', 'medical', 'contact'] as const
export type NoteKind = (typeof NOTE_KINDS)[number]

export interface PremiseNote {
  id: string
  kind: NoteKind
  text: string
  point: Point
  radius_m: number
  place_id: string | null
  away_m: number
  written_by_name: string | null
  written_at: string
  expires_at: string
}

export interface NewPremiseNote {
  kind: NoteKind
  text: string
  point: Point
  expires_at: string
}

export interface PlaceFacts {
  id: string
  name: string
  kind: string
  village_code: string | null
  village: string | null
  kecamatan: string | null
  lat: number | null
  lon: number | null
  accuracy_m: number | null
  variants: string[]
  source: string
  active: boolean
  uses: number
}

export interface PlaceEdit {
  name: string
  kind: string
  village_code: string | null
  lat: number | null
  lon: number | null
  accuracy_m: number | null
  variants: string[]
  active: boolean
}

export interface PlaceFile {
  format: 'csv' | 'geojson'
  text: string
  title: string
}

export interface PlacePreview {
  adds: number
  changes: number
  same: number
  faults: (Text & { row: number; field: string })[]
  rows: { row: number; deed: 'add' | 'change' | 'same'; name: string; kind: string; changes: string[] }[]
}

export interface PlaceChange {
  id: string
  kind: 'add' | 'edit' | 'import'
  title: string
  rows: number
  by_name: string | null
  at: string
  undone_at: string | null
}

const id = encodeURIComponent
const query = (values: Record<string, string | number | boolean>): string =>
  new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString()

export const geo = {
  geocoded: (q: string, o?: RequestOptions) => get<Geocoded>(`/places/geocoded?${query({ q })}`, o),
  address: (at: Point, o?: RequestOptions) => get<Geocoded>(`/places/geocoded/reverse?${query({ lat: at.lat, lon: at.lon })}`, o),
  /** Counts for the order of later searches. */
  chosen: (place: string) => command<void>('POST', '/places/chosen', { id: place }),
  notesAt: (at: Point, accuracy: number | null, o?: RequestOptions) =>
    get<PremiseNote[]>(`/premise-notes?${query({ lat: at.lat, lon: at.lon, accuracy_m: accuracy ?? 0 })}`, o),
  writeNote: (note: NewPremiseNote, o?: CommandOptions) => command<PremiseNote>('POST', '/premise-notes', note, o),
  endNote: (note: string, o?: CommandOptions) => command<void>('POST', `/premise-notes/${id(note)}/end`, {}, o),
}

export const twins = {
  of: (incident: string, o?: RequestOptions) => get<Similar[]>(`/incidents/${id(incident)}/twins`, o),
  unmerge: (incident: string, o?: CommandOptions) => command<IncidentView>('POST', `/incidents/${id(incident)}/unmerge`, {}, o),
  /** `subject`: a call or another incident. */
  tellApart: (incident: string, subject: string, o?: CommandOptions) =>
    command<void>('PUT', `/incidents/${id(incident)}/separations/${id(subject)}`, {}, o),
  notApart: (incident: string, subject: string, o?: CommandOptions) =>
    command<void>('DELETE', `/incidents/${id(incident)}/separations/${id(subject)}`, undefined, o),
  unlink: (call: string, o?: CommandOptions) => command<CallView>('DELETE', `/calls/${id(call)}/link`, undefined, o),
}

export const gazetteer = {
  page: (q: string, inactive: boolean, o?: RequestOptions) =>
    get<{ items: PlaceFacts[]; total: number }>(`/admin/places?${query({ q, inactive })}`, o),
  add: (edit: PlaceEdit, o?: CommandOptions) => command<PlaceChange>('POST', '/admin/places', edit, o),
  change: (place: string, edit: PlaceEdit, o?: CommandOptions) =>
    command<PlaceChange>('PUT', `/admin/places/${id(place)}`, edit, o),
  preview: (file: PlaceFile, o?: CommandOptions) => command<PlacePreview>('POST', '/admin/places/import/preview', file, o),
  take: (file: PlaceFile, o?: CommandOptions) => command<PlaceChange>('POST', '/admin/places/import', file, o),
  changes: (o?: RequestOptions) => get<PlaceChange[]>('/admin/places/changes', o),
  undo: (change: string, o?: CommandOptions) => command<PlaceChange>('POST', `/admin/places/changes/${id(change)}/undo`, {}, o),
}
