// Holds every file of this pack against manifest.json. Plain Node 20 or later: node check-files.mjs
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
const manifest = readFileSync('manifest.json')
let wrong = 0
for (const file of JSON.parse(manifest).files) {
  if (!existsSync(file.name)) {
    wrong += 1
    console.log('WRONG: ' + file.name + ' is missing')
    continue
  }
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file.name)) hash.update(bytes)
  if (hash.digest('hex') === file.sha256) continue
  wrong += 1
  console.log('WRONG: ' + file.name + ' is not as it was made')
}
console.log('SHA-256 of manifest.json: ' + createHash('sha256').update(manifest).digest('hex'))
console.log(wrong === 0 ? 'Every file is as the manifest says.' : wrong + ' wrong.')
process.exitCode = wrong === 0 ? 0 : 1
