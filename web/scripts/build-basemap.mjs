// Makes web/lib/map/data/basemap.json from the gazetteer's facts and the coast: node scripts/build-basemap.mjs
//
// A village's area is the Voronoi cell of its points (centroid, and the town point where known) clipped to land. It says
// 'about here', never 'the border runs here': no official boundary goes into it. A kecamatan is the union of its villages.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Delaunay } from 'd3-delaunay'
import polygonClipping from 'polygon-clipping'

const here = dirname(fileURLToPath(import.meta.url))
const facts = join(here, '../../dispatch/places/data')
const data = join(here, '../lib/map/data')

/** The land file's own clip: west, south, east, north in degrees. */
const BOX = [116.15, -1.8, 117.15, -0.7]
/** Five decimals are about one metre. */
const DECIMALS = 5
/** A piece of a cell across the water from its village's point is another shore, unless it is smaller than this. */
const ISLET_KM2 = 4
const KM_PER_DEGREE = 111.195

/** Rows of a CSV file with a header line; fields may be quoted and hold commas, quotes doubled. */
function readCsv(name) {
  const rows = []
  const text = readFileSync(join(facts, name), 'utf8')
  let row = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  const [header, ...records] = rows
  return records.map((record) => Object.fromEntries(header.map((key, i) => [key, record[i] ?? ''])))
}

const readJson = (name) => JSON.parse(readFileSync(join(data, name), 'utf8'))
const round = (value) => Number(value.toFixed(DECIMALS))
const roundAll = (polygons) => polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => [round(x), round(y)])))

function ringArea(ring) {
  let sum = 0
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1]
  return (Math.abs(sum) / 2) * KM_PER_DEGREE ** 2
}

function contains(ring, [x, y]) {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]
    const [xj, yj] = ring[j]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** The piece of land that holds the point, or the nearest: the coast is 100 m coarse and a shore village may lie off it. */
function homeOf(pieces, [x, y]) {
  const distance = ([outer]) => Math.min(...outer.map(([px, py]) => Math.hypot(px - x, py - y)))
  const nearest = () => pieces.reduce((best, piece) => (distance(piece) < distance(best) ? piece : best))
  return pieces.find(([outer]) => contains(outer, [x, y])) ?? nearest()
}

function seedsOf(villages, beyond) {
  const seeds = []
  for (const v of villages) {
    seeds.push({ code: v.code, at: [Number(v.lon), Number(v.lat)] })
    if (v.town_lat) seeds.push({ code: v.code, at: [Number(v.town_lon), Number(v.town_lat)] })
  }
  for (const at of beyond) seeds.push({ code: null, at })
  return seeds
}

/** Code → multipolygon of the village's area on land. */
function villageAreas(villages, beyond, land) {
  const seeds = seedsOf(villages, beyond)
  const voronoi = Delaunay.from(seeds.map((s) => s.at)).voronoi(BOX)
  const areas = new Map()
  for (const { code } of villages) {
    const own = seeds.flatMap((seed, i) => (seed.code === code ? [{ at: seed.at, cell: voronoi.cellPolygon(i) }] : []))
    const [first, ...rest] = own.map(({ cell }) => [cell])
    const pieces = polygonClipping.intersection(polygonClipping.union(first, ...rest), land)
    const homes = own.map(({ at }) => homeOf(pieces, at))
    areas.set(code, pieces.filter((piece) => homes.includes(piece) || ringArea(piece[0]) < ISLET_KM2))
  }
  return areas
}

function feature(geometry, properties) {
  return { type: 'Feature', properties, geometry }
}

const collection = (features) => ({ type: 'FeatureCollection', features })
const multi = (coordinates) => ({ type: 'MultiPolygon', coordinates: roundAll(coordinates) })
const point = (lon, lat) => ({ type: 'Point', coordinates: [round(Number(lon)), round(Number(lat))] })

const gazetteer = readCsv('villages.csv')
const villages = gazetteer.filter((row) => row.kind === 'desa' || row.kind === 'kelurahan')
const land = JSON.parse(readFileSync(join(facts, 'land.geojson'), 'utf8')).features[0].geometry.coordinates
const areas = villageAreas(villages, readJson('beyond.json'), land)

const kecamatan = gazetteer
  .filter((row) => row.kind === 'kecamatan')
  .map((row) => {
    const parts = villages.filter((v) => v.kecamatan === row.name).map((v) => areas.get(v.code))
    return { row, area: polygonClipping.union(...parts) }
  })

const basemap = {
  attribution: '© OpenStreetMap contributors (ODbL)',
  land: collection([feature(multi(land), {})]),
  regency: collection([feature(multi(polygonClipping.union(...kecamatan.map((k) => k.area))), {})]),
  kecamatan: collection(kecamatan.map(({ row, area }, i) => feature(multi(area), { name: row.name, tint: i }))),
  villages: collection(villages.map((v) => feature(multi(areas.get(v.code)), { code: v.code, name: v.name, approximate: true }))),
  kecamatan_labels: collection(kecamatan.map(({ row }) => feature(point(row.lon, row.lat), { name: row.name }))),
  village_labels: collection(
    villages.map((v) => feature(point(v.town_lon || v.lon, v.town_lat || v.lat), { name: v.name, town: v.town_lat !== '' })),
  ),
  landmarks: collection(
    readCsv('landmarks.csv')
      .filter((p) => p.lat && p.kind !== 'town')
      .map((p) => feature(point(p.lon, p.lat), { name: p.name, kind: p.kind })),
  ),
  islands: collection(readCsv('islands.csv').map((i) => feature(point(i.lon, i.lat), { name: i.name }))),
  km_posts: collection(
    readCsv('km-posts.csv')
      .filter((k) => k.lat)
      .map((k) => feature(point(k.lon, k.lat), { name: `Km ${k.km}` })),
  ),
}

const text = JSON.stringify(basemap) + '\n'
writeFileSync(join(data, 'basemap.json'), text)

/** The regency's outline for the sign-in page: metres of detail would be bytes for nothing there. */
const path = basemap.regency.features[0].geometry.coordinates
  .map(([outer]) => outer.map(([x, y]) => `${((x - BOX[0]) * 1000).toFixed(0)} ${((BOX[3] - y) * 1000).toFixed(0)}`))
  .map((points) => `M${points.join('L')}Z`)
  .join('')
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="170 60 640 860"><path d="${path}"/></svg>\n`
writeFileSync(join(here, '../signin/regency.svg'), svg)

process.stdout.write(
  `basemap.json: ${villages.length} villages, ${basemap.landmarks.features.length} landmarks, ${text.length} bytes\n`,
)
