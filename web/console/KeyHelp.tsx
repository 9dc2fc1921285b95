import { Button, Modal } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyHint } from '@/lib/ui'
import styles from './console.module.css'
import { isTyping, KEYS, useKeys, type KeyAction } from './keys'

const GROUPS = {
  call: ['answer', 'hangUp', 'hold', 'mute', 'transfer', 'conference', 'leave', 'ready', 'pause', 'handled', 'prank', 'ghost', 'silent', 'accidental', 'test', 'information', 'undo', 'callBack', 'alreadyReported'],
  report: ['type', 'place', 'narrative', 'reporter', 'link', 'apart', 'open', 'clear'],
  send: ['dispatchProposed', 'candidate1', 'candidate9'],
  look: ['incidents', 'alarm', 'note', 'timeline', 'help'],
} as const satisfies Record<string, readonly KeyAction[]>

/** All keys on one page: F1, or '?' where no text is typed. */
export function KeyHelp(): ReactNode {
  const { t } = useTranslation('console')
  const [opened, setOpened] = useState(false)
  useKeys({ help: () => setOpened(true) })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isTyping(event.target)) setOpened(true)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        onClick={() => setOpened(true)}
        leftSection={<IconKeyboard size={15} />}
        rightSection={<KeyHint>{KEYS.help}</KeyHint>}
      >
        {t('keys.title')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('keys.heading')} size="xl">
        <div className={styles.keyGroups}>
          {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
            <section key={group}>
              <h3>{t(`keys.group.${group}`)}</h3>
              <dl className={styles.keyList}>
                {GROUPS[group].map((action) => (
                  <div key={action}>
                    <dt>
                      <KeyHint>{KEYS[action]}</KeyHint>
                    </dt>
                    <dd>{t(`keys.act.${action}`)}</dd>
                  </div>
                ))}
                {group === 'report' && (
                  <div>
                    <dt>
                      <KeyHint>1–9 Y T</KeyHint>
                    </dt>
                    <dd>{t('keys.answers')}</dd>
                  </div>
                )}
              </dl>
            </section>
          ))}
        </div>
      </Modal>
    </>
  )
}
