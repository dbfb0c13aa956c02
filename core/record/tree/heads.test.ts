import { describe, expect, it } from 'vitest'
import {
  createHeadJudge,
  createSigningKey,
  earlierKeys,
  readHead,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  signHead,
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
    expect(readHead(text).head).toEqual({ origin, size: 12, root, at: '2026-11-22T22:12:00.000Z' })
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
