export { useEventText, useTimeline } from './timeline'
