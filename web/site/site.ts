/** Upgrades the public pages that the server drew; without it they work as well. Maps bring their own code. */
import './site.css'
import { guardForms } from './forms'
import { sortByDistance, offerOwnLocation } from './near'
import { share } from './share'
import { switchTheme, theme } from './theme'

switchTheme()
share()
sortByDistance()
offerOwnLocation()
guardForms()

const maps = [...document.querySelectorAll<HTMLElement>('[data-map]')]
if (maps.length > 0) {
  const seen = new IntersectionObserver(
    (entries) => {
      const shown = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target as HTMLElement)
      for (const holder of shown) seen.unobserve(holder)
      if (shown.length > 0) void import('./map').then(({ drawMap }) => { for (const holder of shown) drawMap(holder, theme) })
    },
    { rootMargin: '200px' },
  )
  for (const holder of maps) seen.observe(holder)
}
