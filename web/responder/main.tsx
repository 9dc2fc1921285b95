import { mount } from '@/lib/ui'
import en from '@/lib/i18n/en/responder.json'
import id from '@/lib/i18n/id/responder.json'
import { registerWorker } from './push'
import { Responder } from './Responder'
import { sender } from './sender'

sender.start()
registerWorker()
mount(<Responder />, { responder: { id, en } })
