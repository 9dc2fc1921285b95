import { mount } from '@/lib/ui'
import en from '@/lib/i18n/en/signin.json'
import id from '@/lib/i18n/id/signin.json'
import { SignIn } from './SignIn'

mount(<SignIn />, { signin: { id, en } })
