import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  createHeadJudge,
  createSigningKey,
  earlierKeys,
  exactBase64,
  isPublicKey,
  readHead,
  readNote,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  signedBy,
  signHead,
  signNote,
} from './heads.ts'
import { headAt } from './sample.ts'

const root = Buffer.alloc(32, 9)
const origin = 'northport.example'
const key = createSigningKey(origin)
const next = createSigningKey(origin)
const third = createSigningKey(origin)
const judgeAll = (keys: readonly SigningKey[], heads: readonly string[]): string[] => {
  const judge = createHeadJudge(
    origin,
    keys.map((one) => one.key.text),
  )
  return heads.map((head) => judge.judge(readHead(head)).says)
}

describe('a signed head', () => {
  it('is a checkpoint in the signed-note form', () => {
    const text = headAt(12, root, [key])
    expect(text.split('\n').slice(0, 5)).toEqual([origin, '12', root.toString('base64'), 'at 2026-11-22T22:12:00.000Z', ''])
    expect(text).toMatch(/\n\n\u2014 northport\.example [A-Za-z0-9+/]+={0,2}\n$/)
    expect(readHead(text).head).toStrictEqual({ origin, size: 12, root, at: '2026-11-22T22:12:00.000Z' })
    expect(judgeAll([key], [text])).toEqual(['signed'])
  })

  it('reads a public key that another tool made, from the C2SP signed-note text', () => {
    const known = readPublicKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
    expect(known).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3' })
    expect(readPublicKey(key.key.text)).toEqual(key.key)
    for (const bad of ['', 'a+b', key.key.text.replace('+', '+0'), `x${key.key.text}`, key.key.text.slice(0, -1), `${key.key.text}=`]) {
      expect(() => readPublicKey(bad), bad).toThrow()
    }
  })

  it('judges every one of its bytes: no flip of any bit passes', () => {
    const bytes = Buffer.from(headAt(12, root, [key]))
    const judge = createHeadJudge(origin, [key.key.text])
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const other = Buffer.from(bytes)
        other[at] = (other[at] as number) ^ (1 << bit)
        let passed = false
        try {
          passed = judge.judge(readHead(other.toString())).ok
        } catch (error) {
          expect(error).toHaveProperty('kind', 'invalid')
        }
        expect(passed, `byte ${at} bit ${bit}`).toBe(false)
      }
    }
  })

  it('is told plainly when it is forged, of another record, or signed by an unknown key', () => {
    const forged = headAt(12, root, [key]).replace('\n12\n', '\n13\n')
    expect(judgeAll([key], [forged])).toEqual(['its signature does not fit: the head was changed or forged'])
    expect(judgeAll([next], [headAt(12, root, [key])])).toEqual(['signed by an unknown key'])
    const elsewhere = createSigningKey('southport.example')
    expect(judgeAll([key], [headAt(12, root, [elsewhere])])).toEqual(['it is the head of another record'])
    expect(judgeAll([], [headAt(12, root, [key])])).toEqual(['signed by an unknown key'])
  })

  it('keeps its secret readable and its key the same', () => {
    const again = readSigningKey(origin, key.secret)
    expect(again.key).toEqual(key.key)
    expect(() => readSigningKey(origin, 'AAAA')).toThrow()
    expect(() => createSigningKey('north port')).toThrow()
    expect(() => createSigningKey('north+port')).toThrow()
  })
})

describe('a change of key', () => {
  const change = headAt(20, root, [key, next], next.key.text)
  it('is followed when the old and the new key both signed it, and the old key then ends', () => {
    expect(judgeAll([key], [headAt(10, root, [key]), change, headAt(30, root, [next])])).toEqual(['signed', 'signed', 'signed'])
    expect(judgeAll([key], [change, headAt(30, root, [key])])).toEqual(['signed', 'signed by a key that had been replaced'])
    expect(judgeAll([key], [headAt(10, root, [next])])).toEqual(['signed by an unknown key'])
  })

  it('is not made with one signature', () => {
    expect(() => headAt(20, root, [key], next.key.text)).toThrow()
    expect(() => headAt(20, root, [key, third], next.key.text)).toThrow()
    const lines = change.split('\n')
    const without = (index: number): string => lines.filter((_, at) => at !== index).join('\n')
    expect(judgeAll([key], [without(7)])).toEqual(['its change of key is not signed by the new key'])
    expect(judgeAll([key], [without(6), headAt(30, root, [next])])).toEqual(['signed by an unknown key', 'signed by an unknown key'])
  })

  it('after a lost key cannot vouch for itself: it stays unknown until the new key is given another way', () => {
    const heads = [headAt(10, root, [key]), headAt(20, root, [third])]
    expect(judgeAll([key], heads)).toEqual(['signed', 'signed by an unknown key'])
    expect(judgeAll([key, third], heads)).toEqual(['signed', 'signed'])
  })

  it('lets one who knows only the newest key believe the heads before', () => {
    const heads = [headAt(10, root, [key]), change, headAt(30, root, [next, third], third.key.text), headAt(40, root, [third])]
    const read = heads.map(readHead)
    const found = earlierKeys(read, [third.key.text], [key.key.text, next.key.text, createSigningKey(origin).key.text])
    expect(new Set(found)).toEqual(new Set([key.key.text, next.key.text]))
    const judge = createHeadJudge(origin, [third.key.text, ...found])
    expect(read.map((head) => judge.judge(head).says)).toEqual(['signed', 'signed', 'signed', 'signed'])
    expect(earlierKeys(read, [createSigningKey(origin).key.text], [key.key.text])).toEqual([])
  })

  it('that names no key, or the same key again, changes nothing', () => {
    const self = signHead({ origin, size: 20, root, at: '2026-11-22T22:20:00.000Z', keyChange: key.key.text }, [key, next])
    expect(judgeAll([key], [self, headAt(30, root, [key])])).toEqual(['signed', 'signed'])
  })
})

describe('heads that are not heads', () => {
  it('are refused', () => {
    const good = headAt(12, root, [key])
    const bad = [
      '',
      'x',
      good.slice(0, -1),
      good.replace('\n\n', '\n'),
      `${good}\n`,
      `${good}x\n`,
      good.replace('\n12\n', '\n012\n'),
      good.replace('\n12\n', '\n-1\n'),
      good.replace('at ', 'ax '),
      good.replace('\n12\n', '\n9999999999999999\n'),
    ]
    for (const text of bad) expect(() => readHead(text), text).toThrow()
    expect(() => signHead({ origin, size: 1.5, root, at: '2026-11-22T22:20:00.000Z' }, [key])).toThrow()
    expect(() => signHead({ origin, size: 1, root: Buffer.alloc(31), at: '2026-11-22T22:20:00.000Z' }, [key])).toThrow()
    expect(() => signHead({ origin: 'other', size: 1, root, at: '2026-11-22T22:20:00.000Z' }, [key])).toThrow()
    expect(() => signHead({ origin, size: 1, root, at: 'today' }, [key])).toThrow()
  })
})

const at = '2026-11-22T22:20:00.000Z'
const headWords = (why: string) => `This is not a signed head: ${why}. Nothing was taken from it. Ask for the head again.`
const refusedAs = (field: string, message: string) => expect.objectContaining({ kind: 'invalid', field, message })

describe('what is refused says what it is not', () => {
  const good = headAt(12, root, [key])
  it.each([
    ['one line', 'x', 'its lines have not the right form'],
    ['a line too few', good.replace('\n12\n', '\n'), 'its lines have not the right form'],
    ['a time that is none', good.replace('at 2026', 'at 26'), 'its lines have not the right form'],
    ['something before it', `x ${good}`, 'its lines have not the right form'],
    ['a line too many', good.replace('\n\n', '\nmore\n\n'), 'its lines have not the right form'],
    ['its end cut off', good.slice(0, -1), 'its last line is cut short'],
    ['no signature', `${good.split('\n\n')[0]}\n\n\n`, 'a signature line has not the right form'],
    ['a dash that is none', good.replace('\u2014', '-'), 'a signature line has not the right form'],
    ['a signature too short', good.replace(/[A-Za-z0-9+/=]{8}\n$/, '\n'), 'a signature line has not the right form'],
    ['words after a signature', good.replace(/\n$/, ' x\n'), 'a signature line has not the right form'],
    ['a size beyond numbers', good.replace('\n12\n', '\n9999999999999999\n'), 'its root or size has not the right form'],
    ['a root with spare bits', good.replace(root.toString('base64'), `${'A'.repeat(42)}B=`), 'its root or size has not the right form'],
  ])('%s', (_, text, why) => {
    expect(() => readHead(text)).toThrow(refusedAs('head', headWords(why)))
  })

  it.each([
    ['a size that is no number', { size: 1.5 }, [key], 'its origin, size, root or time has not the right form'],
    ['an origin of two words', { origin: 'north port' }, [key], 'its origin, size, root or time has not the right form'],
    ['nobody', {}, [], 'the signing key belongs to another origin'],
    ['the key of another', {}, [createSigningKey('elsewhere')], 'the signing key belongs to another origin'],
    ['one of two keys of another', {}, [key, createSigningKey('elsewhere')], 'the signing key belongs to another origin'],
    ['a change of key by one', { keyChange: next.key.text }, [next], 'a change of key is signed by the old key and by the new one'],
    [
      'a change of key by others',
      { keyChange: next.key.text },
      [key, third],
      'a change of key is signed by the old key and by the new one',
    ],
    ['a loss by two', { keyLost: next.key.text }, [next, key], 'the loss of a key is stated under the new key alone'],
    ['a loss by the old one', { keyLost: next.key.text }, [key], 'the loss of a key is stated under the new key alone'],
  ])('signed by or with %s', (_, more, by, why) => {
    expect(() => signHead({ origin, size: 1, root, at, ...more }, by)).toThrow(refusedAs('head', headWords(why)))
  })

  it('a key, a secret, and a name for one', () => {
    const words = 'This is not a public key of the record (name+id+key). Nothing was checked with it. Ask the city for it again.'
    const [name, id, typed] = [origin, key.key.id, Buffer.concat([Buffer.of(1), key.key.bytes])]
    const text = (bytes: Buffer, of = name) => `${of}+${id}+${bytes.toString('base64')}`
    expect(readPublicKey(text(typed))).toEqual(key.key)
    for (const bad of [
      text(typed, 'other'),
      text(typed, ''),
      text(typed, 'x'.repeat(101)),
      text(typed.subarray(0, 32)),
      text(Buffer.concat([typed, Buffer.of(0)])),
      text(Buffer.concat([Buffer.of(2), key.key.bytes])),
      `${text(typed)}+`,
    ]) {
      expect(() => readPublicKey(bad), bad).toThrow(refusedAs('key', words))
      expect(isPublicKey(bad), bad).toBe(false)
    }
    expect(isPublicKey(key.key.text)).toBe(true)
    for (const secret of ['', 'AAAA', key.key.text]) expect(() => readSigningKey(origin, secret)).toThrow(refusedAs('key', words))
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' })
    expect(() => readSigningKey(origin, rsa.toString('base64'))).toThrow(refusedAs('key', words))
    expect(() => createSigningKey('north port')).toThrow(
      refusedAs('origin', 'A city code for the record has no spaces and no plus sign. No key was made. Choose another code.'),
    )
    expect(createSigningKey('x'.repeat(100)).key.name).toHaveLength(100)
    expect(() => createSigningKey('x'.repeat(101))).toThrow()
  })

  it('base64 is written in one way', () => {
    expect(exactBase64('AAE=')).toEqual(Buffer.of(0, 1))
    for (const other of ['AAE', 'AAF=', 'AA E=', 'AAE=\n']) expect(exactBase64(other), other).toBeUndefined()
  })
})

describe('a note', () => {
  it('is divided into what was signed and by whom, and a signature that does not fit is worse than none', () => {
    const note = signNote('one line\n', [key, next])
    const { body, signatures } = readNote(note)
    expect(body).toBe('one line\n')
    expect(signatures.map(({ name, keyId }) => [name, keyId])).toEqual([
      [origin, key.key.id],
      [origin, next.key.id],
    ])
    expect(signedBy({ body, signatures }, key.key)).toBe('signed')
    expect(signedBy({ body, signatures }, third.key)).toBe('absent')
    expect(signedBy({ body: 'another line\n', signatures }, key.key)).toBe('wrong')
    const forged = signatures.map((line) => ({ ...line, signature: Buffer.alloc(64) }))
    expect(signedBy({ body, signatures: [...signatures, ...forged] }, key.key)).toBe('wrong')
    expect(signedBy({ body, signatures: signatures.map((line) => ({ ...line, name: 'other' })) }, key.key)).toBe('absent')
  })
})

describe('a lost key', () => {
  const lost = (size: number, fresh: SigningKey) => signHead({ origin, size, root, at, keyLost: fresh.key.text }, [fresh])
  const judged = (keys: readonly SigningKey[], heads: readonly string[]) => {
    const judge = createHeadJudge(
      origin,
      keys.map((one) => one.key.text),
    )
    const says = heads.map((head) => judge.judge(readHead(head)))
    return { says, turns: judge.turns(), trusted: judge.trusted().map(({ id }) => id) }
  }

  it('is stated by the new one alone: known to the asker it is believed, and nothing older is any more', () => {
    const heads = [headAt(10, root, [key]), lost(20, third), headAt(30, root, [third]), headAt(31, root, [key]), headAt(32, root, [next])]
    const { says, turns, trusted } = judged([key, next, third], heads)
    expect(says).toEqual([
      { ok: true, keyId: key.key.id, says: 'signed' },
      { ok: true, keyId: third.key.id, says: 'signed' },
      { ok: true, keyId: third.key.id, says: 'signed' },
      { ok: false, keyId: key.key.id, says: 'signed by a key that had been replaced' },
      { ok: false, keyId: next.key.id, says: 'signed by a key that had been replaced' },
    ])
    expect(turns).toEqual([{ kind: 'lost', size: 20, at, from: null, to: third.key.id }])
    expect(trusted).toEqual([third.key.id])
  })

  it('is told as unproved to whom the new one is unknown', () => {
    const { says, turns, trusted } = judged([key], [lost(20, third), headAt(30, root, [third]), headAt(31, root, [key])])
    expect(says.map((one) => one.says)).toEqual(['signed by an unknown key', 'signed by an unknown key', 'signed'])
    expect(says[0]).toEqual({ ok: false, keyId: null, says: 'signed by an unknown key' })
    expect(turns).toEqual([{ kind: 'lost-unproved', size: 20, at, from: null, to: third.key.id }])
    expect(trusted).toEqual([key.key.id])
  })

  it('does not stand for a change, and a change not for it', () => {
    const changed = headAt(20, root, [key, next], next.key.text)
    const { turns, trusted } = judged([key, third], [changed])
    // Only the key that signed is replaced; what else the asker trusts stays.
    expect(turns).toEqual([{ kind: 'changed', size: 20, at: '2026-11-22T22:20:00.000Z', from: key.key.id, to: next.key.id }])
    expect(trusted).toEqual([third.key.id, next.key.id])
    const self = signHead({ origin, size: 20, root, at, keyChange: key.key.text }, [key, next])
    expect(judged([key], [self])).toMatchObject({ turns: [], trusted: [key.key.id] })
  })

  it('or changed to what is no key is told', () => {
    const note = (line: string) => {
      const body = `${origin}\n20\n${root.toString('base64')}\nat ${at}\n${line}\n`
      return signNote(body, [key])
    }
    expect(judged([key], [note('key-change rubbish')]).says[0]).toEqual({
      ok: false,
      keyId: key.key.id,
      says: 'its change of key names no key',
    })
    expect(judged([key], [note(`key-change ${next.key.text}`)]).says[0]).toEqual({
      ok: false,
      keyId: key.key.id,
      says: 'its change of key is not signed by the new key',
    })
    expect(judged([third], [note('key-lost rubbish')]).turns).toEqual([])
    const forged = headAt(12, root, [key]).replace('\n12\n', '\n13\n')
    expect(judged([key], [forged]).says[0]).toMatchObject({ ok: false, keyId: key.key.id })
    expect(judged([key], [headAt(12, root, [createSigningKey('southport')])]).says[0]).toMatchObject({ ok: false, keyId: null })
  })

  it('that a trusted change hands over from is believed for the heads before, a stranger is not', () => {
    const heads = [headAt(10, root, [key]), headAt(20, root, [key, next], next.key.text)].map(readHead)
    expect(earlierKeys(heads, [next.key.text], ['rubbish', next.key.text, third.key.text, key.key.text])).toEqual([key.key.text])
    expect(earlierKeys(heads, [third.key.text], [key.key.text])).toEqual([])
    // Named, but not signed by the trusted key: nothing follows.
    const alone = { ...heads[1]!, signatures: heads[1]!.signatures.slice(0, 1) }
    expect(earlierKeys([alone], [next.key.text], [key.key.text])).toEqual([])
    expect(earlierKeys(heads.slice(0, 1), [next.key.text], [key.key.text])).toEqual([])
  })
})
