/** Import from here: nothing of MapLibre comes along until a LiveMap is shown. */
export { LiveMap, type LiveMapProps, type MapFocus } from './LiveMap'
export type { DraftPoint, ExtraFeature } from './features'
export { distanceM } from './geo'
