import { useEffect, useState } from 'react'

/** The value once it has rested for `waitMs`, so that typing does not ask the server for each letter. */
export function useDebounced<T>(value: T, waitMs: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), waitMs)
    return () => clearTimeout(timer)
  }, [value, waitMs])
  return rested
}
