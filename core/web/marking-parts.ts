export interface MarkingPart {
  words: string
  /** The TLP colour, a classification or descriptor, or a handling instruction in plain words. */
  kind: 'red' | 'amber' | 'green' | 'clear' | 'plain' | 'handling'
}

const tlp = /^TLP:(RED|AMBER|GREEN|CLEAR)(\+STRICT)?$/
const capitals = /^[A-Z0-9][A-Z0-9 &'[\]-]*$/

/** A marking as it is written (`OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER // Recovery group only`), part by part. */
export const partsOfMarking = (text: string): MarkingPart[] =>
  text
    .split(' // ')
    .filter(Boolean)
    .map((words) => {
      const colour = tlp.exec(words)?.[1]?.toLowerCase() as MarkingPart['kind'] | undefined
      return { words, kind: colour ?? (capitals.test(words) ? 'plain' : 'handling') }
    })
