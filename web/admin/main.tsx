import { mount } from '@/lib/ui'
import en from '@/lib/i18n/en/admin.json'
import id from '@/lib/i18n/id/admin.json'
import { Admin } from './Admin'
import { registerWorker } from './kept'
import { sheetSender } from './sheet/sender'

registerWorker()
sheetSender.start()
mount(<Admin />, { admin: { id, en } })
