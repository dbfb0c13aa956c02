import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Migrated, migrate } from '#core/db/migrate.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { checkBorders } from './check-borders.ts'
import { checkCatalogue } from './check-catalogue.ts'
import { checkFiles } from './check-files.ts'
import { checkWords } from './check-words.ts'
import { newArea } from './new-area.ts'
import { newFeature } from './new-feature.ts'
import type { Address } from './throwaway-postgres.ts'

// What the scaffolds lay passes the check as it lies: tried in a copy of the project, with a new area and two features.

const root = join(import.meta.dirname, '..')
const copied = ['areas', 'core', '.dependency-cruiser.mjs', '.oxlintrc.json', 'biome.json', 'package.json', 'tsconfig.json']

describe('a new area with two features', () => {
  let house: string
  let city: TestCity
  let migrated: Migrated
  const ofWeather = (sins: { where: string }[]) => sins.filter((sin) => /weather|river|storm/.test(sin.where))
  const tool = (name: string, ...rest: string[]) => {
    const { stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', name), rest, { cwd: house, encoding: 'utf8' })
    return stdout + stderr
  }

  beforeAll(async () => {
    house = mkdtempSync(join(tmpdir(), 'concord-scaffold-'))
    for (const path of copied) cpSync(join(root, path), join(house, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
    newArea(house, 'weather')
    newFeature(house, 'weather', 'river-level')
    newFeature(house, 'weather', 'storm')
    city = await testCity()
    migrated = await migrate(city.config, { root: house })
  })
  afterAll(async () => {
    await city?.end()
    rmSync(house, { recursive: true, force: true })
  })

  it('keeps the rules of the tree, the borders and the words', async () => {
    expect(ofWeather(checkFiles(house))).toEqual([])
    expect(ofWeather(checkWords(house))).toEqual([])
    expect(ofWeather((await checkBorders(house)).sins)).toEqual([])
  })

  it('has the right types, format and lint', { timeout: 120_000 }, () => {
    expect(
      tool('tsc', '--noEmit', '--pretty', 'false')
        .split('\n')
        .filter((line) => line.includes('weather')),
    ).toEqual([])
    expect(tool('biome', 'format', '--vcs-enabled=false', 'areas/weather')).toMatch('No fixes applied')
    expect(tool('oxlint', '--type-aware', 'areas/weather')).toMatch('0 errors')
  })

  it('brings tables that the catalogue finds sound', async () => {
    expect(migrated.applied.map((name) => name.replace(/\/\d+/, '/'))).toEqual([
      'weather/-weather',
      'weather/-river-level',
      'weather/-storm',
    ])
    expect(await checkCatalogue(city.config as Address)).toEqual([])
  })

  it('is not laid twice', () => {
    expect(() => newArea(house, 'weather')).toThrow('is there already')
    expect(() => newFeature(house, 'weather', 'storm')).toThrow('is there already')
    expect(() => newFeature(house, 'nowhere', 'storm')).toThrow('there is no area')
    expect(() => newArea(house, 'Weather')).toThrow('lower case')
  })
})
