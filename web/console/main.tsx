import { mount } from '@/lib/ui'
import callsEn from '@/lib/i18n/en/calls.json'
import en from '@/lib/i18n/en/console.json'
import callsId from '@/lib/i18n/id/calls.json'
import id from '@/lib/i18n/id/console.json'
import { Console } from './Console'

mount(<Console />, { console: { id, en }, calls: { id: callsId, en: callsEn } })
