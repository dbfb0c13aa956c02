import { describe, expect, test } from 'vitest'
import { ProblemError } from './problem-error.ts'
import { makeQueue, type Store, type Waiting } from './queue.ts'

const memory = (): Store => {
  const items = new Map<string, Waiting>()
  return {
    all: async () => [...items.values()],
    put: async (item) => void items.set(item.key, item),
    remove: async (key) => void items.delete(key),
  }
}
const deed = (key: string, minute: number, as = 'ada'): Waiting => ({
  key,
  path: '/api/watch/accept',
  input: { key },
  title: key,
  at: `2026-11-22T22:${String(minute).padStart(2, '0')}:00Z`,
  as,
})

describe('deeds that wait', () => {
  test('go out oldest first, each with its own key, and only as the one who did them', async () => {
    const sent: string[] = []
    const queue = makeQueue(memory(), async (_path, _input, key) => void sent.push(key))
    await queue.add(deed('second', 5))
    await queue.add(deed('first', 1))
    await queue.add(deed('other', 2, 'ben'))
    await queue.flush('ada')
    expect(sent).toEqual(['first', 'second'])
    expect(queue.read().map((item) => item.key)).toEqual(['other'])
  })

  test('a silence stops the sending and loses nothing', async () => {
    const tried: string[] = []
    const queue = makeQueue(memory(), async (_path, _input, key) => {
      tried.push(key)
      throw new ProblemError('no-contact', '')
    })
    await queue.add(deed('a', 1))
    await queue.add(deed('b', 2))
    await queue.flush('ada')
    expect(tried).toEqual(['a'])
    expect(queue.read()).toHaveLength(2)
  })

  test('a refusal is kept with its words and is not sent again by itself; the next one still goes', async () => {
    let tries = 0
    const queue = makeQueue(memory(), async (_path, _input, key) => {
      tries += 1
      if (key === 'a') throw new ProblemError('conflict', 'Somebody else accepted.')
    })
    await queue.add(deed('a', 1))
    await queue.add(deed('b', 2))
    await queue.flush('ada')
    await queue.flush('ada')
    expect(tries).toBe(2)
    expect(queue.read()).toMatchObject([{ key: 'a', refused: 'Somebody else accepted.' }])
    await queue.takeBack('a')
    expect(queue.read()).toEqual([])
  })
})
