/** Units by agency: how many could be sent now. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '@/lib/store'
import { EmptyState, Panel, useAgencyName } from '@/lib/ui'
import styles from './supervisor.module.css'
import { unitsByAgency } from './tally'

export function Agencies(): ReactNode {
  const { t } = useTranslation('supervisor')
  const agencyName = useAgencyName()
  const loaded = useLive((state) => state.loaded)
  const units = useLive((state) => state.units)
  const { agencies } = unitsByAgency(Object.values(units))
  return (
    <Panel title={t('agencies')}>
      {agencies.length === 0 ? (
        <EmptyState loaded={loaded}>{t('noUnits')}</EmptyState>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('agency')}</th>
              <th scope="col">{t('available')}</th>
              <th scope="col">{t('committed')}</th>
              <th scope="col">{t('out')}</th>
            </tr>
          </thead>
          <tbody>
            {agencies.map(([name, tally]) => (
              <tr key={name}>
                <th scope="row">{agencyName(name)}</th>
                <td data-hue={tally.available === 0 ? 'critical' : 'ready'}>{tally.available}</td>
                <td>{tally.committed}</td>
                <td>{tally.out + tally.off}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
