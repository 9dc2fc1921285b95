import { mount } from '@/lib/ui'
import en from '@/lib/i18n/en/supervisor.json'
import id from '@/lib/i18n/id/supervisor.json'
import { Supervisor } from './Supervisor'

mount(<Supervisor />, { supervisor: { id, en } })
