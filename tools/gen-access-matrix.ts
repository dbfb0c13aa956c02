import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { accessMatrix, matrixPath, servedOperations } from './operations.ts'

// Writes tests/access-matrix.tsv (persona × operation) from the registry. It is committed, and reviewed like code.

const operations = await servedOperations(process.cwd())
mkdirSync(dirname(matrixPath), { recursive: true })
writeFileSync(matrixPath, accessMatrix(operations))
console.log(`${matrixPath}: ${operations.length} operations`)
process.exit()
