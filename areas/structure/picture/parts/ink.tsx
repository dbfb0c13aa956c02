/** Colours and type of the picture, read from the kit's tokens, so that dark, high contrast and print are those of every other page. */
export interface Ink {
  paper: string
  sheet: string
  shade: string
  ink: string
  soft: string
  rule: string
  strong: string
  action: string
  alarm: string
  focus: string
  family: string
}

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    paper: read('paper'),
    sheet: read('sheet'),
    shade: read('shade'),
    ink: read('ink'),
    soft: read('ink-soft'),
    rule: read('rule'),
    strong: read('rule-strong'),
    action: read('action'),
    alarm: read('alarm'),
    focus: read('focus'),
    family: read('typeface') || 'sans-serif',
  }
}

/** Black on white, whatever the screen shows: a canvas is not drawn again by a style sheet for print. */
export const printed = (ink: Ink): Ink => ({
  ...ink,
  paper: '#fff',
  sheet: '#fff',
  shade: '#eee',
  ink: '#000',
  soft: '#222',
  rule: '#888',
  strong: '#000',
  action: '#000',
  alarm: '#000',
  focus: '#000',
})

export type Pen = CanvasRenderingContext2D

const widths = new Map<string, string>()
/** Text that fits, with an ellipsis where it does not. */
export function fitting(pen: Pen, text: string, room: number): string {
  const key = `${pen.font}|${Math.round(room)}|${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  let fits = text
  if (pen.measureText(text).width > room) {
    let [low, high] = [0, text.length]
    while (low < high) {
      const half = Math.ceil((low + high) / 2)
      if (pen.measureText(`${text.slice(0, half).trimEnd()}…`).width <= room) low = half
      else high = half - 1
    }
    fits = low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`
  }
  if (widths.size > 20_000) widths.clear()
  widths.set(key, fits)
  return fits
}

/** Two lines at most, broken between words. */
export function inTwo(pen: Pen, text: string, room: number): string[] {
  if (pen.measureText(text).width <= room) return [text]
  const words = text.split(' ')
  let first = ''
  let place = 0
  for (; place < words.length - 1; place += 1) {
    const longer = first === '' ? words[place]! : `${first} ${words[place]}`
    if (pen.measureText(longer).width > room) break
    first = longer
  }
  if (first === '') return [fitting(pen, text, room)]
  return [first, fitting(pen, words.slice(place).join(' '), room)]
}
