import { mount } from '@/lib/ui'
import enConsole from '@/lib/i18n/en/console.json'
import en from '@/lib/i18n/en/supervisor.json'
import idConsole from '@/lib/i18n/id/console.json'
import id from '@/lib/i18n/id/supervisor.json'
import { Supervisor } from './Supervisor'

mount(<Supervisor />, { supervisor: { id, en }, console: { id: idConsole, en: enConsole } })
