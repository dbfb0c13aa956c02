import { useWords } from '#core/web/words.ts'
import type { CapArea } from '../../cap/contract.ts'

const WIDTH = 280
const MOST = 400
const KM_IN_A_DEGREE = 111.2

type Point = readonly [latitude: number, longitude: number]
interface Ring {
  centre: Point
  degrees: number
}

const sound = ([latitude, longitude]: Point) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 360

/** The shape of the areas without a map: north is up, and a bar says how wide it is. What cannot be drawn is named in the flags. */
export function Outline({ areas }: { areas: readonly CapArea[] }) {
  const t = useWords('watch')
  const polygons = areas
    .flatMap((area) => area.polygons.flatMap(({ points }) => (points && points.length > 2 && points.every(sound) ? [points] : [])))
    .slice(0, MOST)
  const rings: Ring[] = areas
    .flatMap((area) =>
      area.circles.flatMap(({ centre, radius }) =>
        centre && radius !== null && radius > 0 && sound(centre) ? [{ centre, degrees: radius / KM_IN_A_DEGREE }] : [],
      ),
    )
    .slice(0, MOST)
  const corners = [
    ...polygons.flat(),
    ...rings.flatMap(({ centre: [y, x], degrees }): Point[] => [
      [y - degrees, x - degrees],
      [y + degrees, x + degrees],
    ]),
  ]
  const [any] = corners
  if (!any) return null
  const box = corners.reduce(
    (seen, [y, x]) => ({
      south: Math.min(seen.south, y),
      north: Math.max(seen.north, y),
      west: Math.min(seen.west, x),
      east: Math.max(seen.east, x),
    }),
    { south: any[0], north: any[0], west: any[1], east: any[1] },
  )
  const shrink = Math.max(0.05, Math.cos((((box.south + box.north) / 2) * Math.PI) / 180))
  const across = Math.max((box.east - box.west) * shrink, box.north - box.south, 1e-6)
  const scale = (WIDTH - 16) / across
  const x = (longitude: number) => 8 + (longitude - box.west) * shrink * scale
  const y = (latitude: number) => 8 + (box.north - latitude) * scale
  const height = 16 + (box.north - box.south) * scale
  const kilometres = (box.east - box.west) * shrink * KM_IN_A_DEGREE
  return (
    <figure className="desk-outline">
      <svg
        viewBox={`0 0 ${WIDTH} ${Math.max(24, Math.ceil(height))}`}
        role="img"
        aria-label={t('desk.outline', { count: polygons.length + rings.length })}
      >
        {polygons.map((points, place) => (
          <path
            key={`p${place}`}
            d={`M${points.map(([latitude, longitude]) => `${x(longitude).toFixed(1)} ${y(latitude).toFixed(1)}`).join('L')}Z`}
          />
        ))}
        {rings.map(({ centre, degrees }, place) => (
          <ellipse
            key={`c${place}`}
            cx={x(centre[1])}
            cy={y(centre[0])}
            rx={Math.max(1.5, degrees * scale)}
            ry={Math.max(1.5, degrees * scale)}
          />
        ))}
      </svg>
      <figcaption className="soft">
        {t('desk.wide', { kilometres: kilometres < 10 ? kilometres.toFixed(1) : Math.round(kilometres) })}
      </figcaption>
    </figure>
  )
}
