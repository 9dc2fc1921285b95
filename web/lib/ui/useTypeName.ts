import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { protocols } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'

/** The name of an incident type in the screen's language; its code while the protocols are not loaded. */
export function useTypeName(): (code: string) => string {
  const { i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: ['protocols'],
    queryFn: ({ signal }) => protocols.all({ signal }),
    staleTime: Infinity,
  })
  return (code) => {
    const type = data?.types.find((one) => one.code === code)
    return type === undefined ? code : inLanguage(type.name, i18n.language)
  }
}
