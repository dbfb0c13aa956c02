import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strictBase64 } from './base64.ts'
import { withDocument } from './gate.ts'
import { XmlRefusal } from './refusal.ts'
import { elementSpans } from './source-slice.ts'
import { everyElement, textOf } from './tree.ts'

const open = (source: Uint8Array | string, maxBytes?: number): string => {
  try {
    return withDocument(source, { maxBytes }, ({ root }) => `opened ${root.name}`)
  } catch (error) {
    if (error instanceof XmlRefusal) return error.reason
    throw error
  }
}
const utf16 = (text: string, big = false, mark = true): Uint8Array => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')
  return big ? bytes.swap16() : bytes
}

describe('the gate to XML', () => {
  it('refuses a DOCTYPE however it is dressed', () => {
    const attack = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    for (const text of [
      attack,
      ` \n\t${attack}`,
      `<?xml version="1.0"?>${attack}`,
      `<!-- hello --><?style x?>${attack}`,
      `\ufeff${attack}`,
    ])
      expect(open(Buffer.from(text))).toBe('doctype')
    for (const big of [false, true])
      for (const mark of [false, true]) {
        expect(open(utf16(attack, big, mark))).toBe('doctype')
        expect(open(utf16(`<?xml version="1.0" encoding="UTF-16"?>${attack}`, big, mark))).toBe('doctype')
      }
    expect(open(Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${attack}`))).toBe('doctype')
  })

  it('opens what only mentions the word', () => {
    expect(open('<!-- <!DOCTYPE a> --><a>no &lt;!DOCTYPE here</a>')).toBe('opened a')
    expect(open('<?note <!DOCTYPE a> ?><a><![CDATA[<!DOCTYPE a>]]></a>')).toBe('opened a')
  })

  it('refuses a billion laughs before a single entity is read', () => {
    const levels = Array.from({ length: 20 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join('')
    const start = performance.now()
    expect(open(`<!DOCTYPE l [<!ENTITY l0 "ha">${levels}]><a>&l20;</a>`)).toBe('doctype')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('refuses what is too large, too deep, too crowded or not XML, quickly', () => {
    const start = performance.now()
    expect(open('<a>0123456789</a>', 10)).toBe('too-large')
    expect(open(`<a>${'x'.repeat(5_000_000)}</a>`)).toBe('too-large')
    expect(open('<a>'.repeat(100_000) + '</a>'.repeat(100_000))).toBe('not-xml')
    expect(open(`<a>${'<b/>'.repeat(160_000)}</a>`)).toBe('too-complex')
    expect(open(`<a ${Array.from({ length: 60_000 }, (_, n) => `b${n}=""`).join(' ')}/>`)).toBe('too-complex')
    for (const text of ['', ' ', 'plain', '{"a":1}', '<a>', '<a></b>', '<a>&unknown;</a>', '<a/><b/>', '<a x=1/>', '<a/>x'])
      expect(open(text)).toBe('not-xml')
    expect(open(new Uint8Array())).toBe('not-xml')
    expect(open(Uint8Array.of(0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0))).toBe('not-xml')
    expect(open(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('not-xml')
    expect(open(Buffer.from('<?xml version="1.0" encoding="x-unheard-of"?><a/>'))).toBe('not-xml')
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('reads the encodings that senders use', () => {
    const read = (bytes: Uint8Array): string => withDocument(bytes, {}, ({ root }) => textOf(root))
    expect(read(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>', 'latin1'))).toBe('Zürich')
    expect(read(Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>Zürich</a>'))).toBe('Zürich')
    expect(read(utf16('<?xml version="1.0" encoding="UTF-16"?><a>Zürich</a>', true))).toBe('Zürich')
    expect(read(Buffer.from('\ufeff<a>Zürich</a>'))).toBe('Zürich')
  })

  it('keeps text and CDATA together, and steps over instructions and comments', () => {
    withDocument('<a>1<?x y?>2<!-- c --><b/>3<![CDATA[<4>]]>5</a>', {}, ({ root }) => {
      expect(root.children.map((child) => (typeof child === 'string' ? child : child.name))).toEqual(['12', 'b', '3<4>5'])
    })
  })

  it('never quotes the message when it refuses it', () => {
    const secret = 'SECRETWORD'
    for (const text of [`<${secret}>`, `<a>&${secret};</a>`, `<a ${secret}/>`, `${secret}:<a/>`, `<a b="${secret}></a>`, `<a></${secret}>`])
      try {
        withDocument(text, {}, () => undefined)
        expect.unreachable()
      } catch (error) {
        expect((error as Error).message).not.toContain(secret)
      }
  })

  it('finds every element in the source where the parser found it', () => {
    const name = fc.constantFrom('a', 'b', 'p:c', 'alert')
    const piece: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('text', '<!-- <a> > -->', '<![CDATA[</a><b>]]>', '<?p <a> ?>', '<b/>', '<a x=">"/>', "<p:c y='/>'/>"),
        fc.tuple(name, fc.array(tie('node'), { maxLength: 4 })).map(([tag, inner]) => `<${tag} q="/>">${inner.join('')}</${tag}>`),
      ),
    })).node
    fc.assert(
      fc.property(piece, (inner) => {
        const source = `<?xml version="1.0"?><root xmlns:p="urn:p">${inner}</root>`
        withDocument(source, {}, ({ root }) => {
          const spans = elementSpans(source)
          const nodes = [...everyElement(root)]
          expect(spans.length).toBe(nodes.length)
          for (const node of nodes) {
            const cut = source.slice(spans[node.position]?.start, spans[node.position]?.end)
            expect(cut).toMatch(new RegExp(`^<(p:)?${node.name}\\b`))
            withDocument(`<w xmlns:p="urn:p">${cut}</w>`, {}, (again) => expect(textOf(again.root)).toBe(textOf(node)))
          }
        })
      }),
      { numRuns: 300 },
    )
  })

  it('opens any bytes at all without falling over', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(`<a>${text}</a>`)),
        ),
        (bytes) => {
          expect(open(bytes)).toMatch(/^(opened|not-xml|doctype)/)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('strict base64', () => {
  it('has one spelling for each sequence of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        expect(strictBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes))
      }),
    )
    for (const text of ['', 'A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA=', '=AAA', 'AA-_', 'AAAA=', 'é'])
      expect(strictBase64(text)).toBeUndefined()
  })
})
