/** The icons that a plugin may name (docs/plugins.md); any other name gets the puzzle piece. */
import {
  IconAmbulance, IconBasket, IconBeach, IconBuildingCommunity, IconBuildingStore, IconBus, IconCalendarEvent,
  IconCamera, IconCash, IconChartBar, IconChartLine, IconClipboardList, IconCoin, IconDroplet, IconFish, IconFlower,
  IconHeart, IconHome, IconLeaf, IconMapPin, IconMotorbike, IconPlant2, IconPuzzle, IconRecycle, IconSchool,
  IconShoppingBag, IconSoup, IconSpeakerphone, IconStar, IconTicket, IconTrash, IconTree, IconTruck, IconUsers,
} from '@tabler/icons-react'

const ICONS: Readonly<Record<string, typeof IconPuzzle>> = {
  ambulance: IconAmbulance, basket: IconBasket, beach: IconBeach, community: IconBuildingCommunity,
  'building-community': IconBuildingCommunity, 'building-store': IconBuildingStore, store: IconBuildingStore, bus: IconBus,
  calendar: IconCalendarEvent, 'calendar-event': IconCalendarEvent, camera: IconCamera, cash: IconCash,
  chart: IconChartBar, 'chart-bar': IconChartBar, 'chart-line': IconChartLine, clipboard: IconClipboardList,
  'clipboard-list': IconClipboardList, coin: IconCoin, droplet: IconDroplet, fish: IconFish, flower: IconFlower,
  heart: IconHeart, home: IconHome, leaf: IconLeaf, 'map-pin': IconMapPin, motorbike: IconMotorbike, plant: IconPlant2,
  puzzle: IconPuzzle, recycle: IconRecycle, school: IconSchool, 'shopping-bag': IconShoppingBag, soup: IconSoup,
  speakerphone: IconSpeakerphone, star: IconStar, ticket: IconTicket, trash: IconTrash, tree: IconTree, truck: IconTruck,
  users: IconUsers,
}

export const iconOf = (name: string): typeof IconPuzzle => ICONS[name] ?? IconPuzzle
