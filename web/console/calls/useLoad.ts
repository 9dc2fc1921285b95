import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { care, type Load } from '@/lib/api/care'

/** Rates and groups move slower than the queue, which every event tells at once. */
const LOOK_EVERY_MS = 5_000

export const useLoad = (): UseQueryResult<Load> =>
  useQuery({ queryKey: ['load'], queryFn: ({ signal }) => care.load({ signal }), refetchInterval: LOOK_EVERY_MS })
