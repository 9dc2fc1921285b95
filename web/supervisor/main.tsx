import { mount } from '@/lib/ui'
import callsEn from '@/lib/i18n/en/calls.json'
import en from '@/lib/i18n/en/supervisor.json'
import callsId from '@/lib/i18n/id/calls.json'
import id from '@/lib/i18n/id/supervisor.json'
import { Supervisor } from './Supervisor'

mount(<Supervisor />, { supervisor: { id, en }, calls: { id: callsId, en: callsEn } })
