import { mount } from '@/lib/ui'
import en from '@/lib/i18n/en/console.json'
import id from '@/lib/i18n/id/console.json'
import { Console } from './Console'

mount(<Console />, { console: { id, en } })
