import { useTranslation } from 'react-i18next'

/** An agency as people call it; its code when the centre added one that has no name here. */
export function useAgencyName(): (code: string) => string {
  const { t, i18n } = useTranslation()
  return (code) => (i18n.exists(`agencyName.${code}`) ? t(`agencyName.${code}` as 'agencyName.damkar') : code)
}
