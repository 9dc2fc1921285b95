import 'i18next'
import type admin from './id/admin.json'
import type calls from './id/calls.json'
import type common from './id/common.json'
import type console from './id/console.json'
import type map from './id/map.json'
import type responder from './id/responder.json'
import type signin from './id/signin.json'
import type supervisor from './id/supervisor.json'
import type timeline from './id/timeline.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      admin: typeof admin
      calls: typeof calls
      common: typeof common
      console: typeof console
      map: typeof map
      responder: typeof responder
      signin: typeof signin
      supervisor: typeof supervisor
      timeline: typeof timeline
    }
  }
}
