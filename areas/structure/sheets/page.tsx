import { useId, useState, type ChangeEvent } from 'react'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { callQuery } from '#core/web/client.ts'
import { useCommandOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { asProblem, type ProblemError } from '#core/web/problem-error.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { Checkbox } from '#core/web/fields.tsx'
import { exportNetwork } from '../export/contract.ts'
import { exportMembers, importFiles, starterSheet } from './contract.ts'
import { Report } from './parts/report.tsx'

interface Chosen {
  name: string
  content: string
}

const read = (file: File): Promise<Chosen> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.onload = () => resolve({ name: file.name, content: String(reader.result).replace(/^[^,]*,/, '') })
    reader.readAsDataURL(file)
  })

/** Hands a file to the browser to keep. */
function keep({ name, content }: Chosen): void {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes]))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** A file is read first and stored after: the preview says line by line what would happen. */
export function Page() {
  const t = useWords('structure')
  const id = useId()
  const [files, setFiles] = useState<Chosen[]>([])
  const [complete, setComplete] = useState(false)
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const look = useCommandOf(importFiles)
  const store = useCommandOf(importFiles, {
    changes: [
      'structure.agencies',
      'structure.groups',
      'structure.memberships',
      'structure.findings',
      'structure.holdings',
      'structure.links',
      'structure.responsibilities',
      'structure.products',
    ],
  })
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = await Promise.all([...(event.target.files ?? [])].map(read))
    setFiles(chosen)
    look.reset()
    store.reset()
    if (chosen.length > 0) await look.run({ files: chosen, preview: true, complete })
  }
  const sayComplete = async (on: boolean) => {
    setComplete(on)
    look.reset()
    store.reset()
    if (files.length > 0) await look.run({ files, preview: true, complete: on })
  }
  const [marked, setMarked] = useState('')
  /** Keeps what was asked for, and says its marking: the copy carries it from now on. */
  const fetched = (asked: Promise<Chosen & { marking?: unknown }>) => {
    setProblem(null)
    asked.then(
      (file) => {
        keep(file)
        setMarked(typeof file.marking === 'string' ? file.marking : '')
      },
      (error: unknown) => setProblem(asProblem(error)),
    )
  }
  const fetchFile = (operation: typeof starterSheet | typeof exportMembers) => fetched(callQuery(operation, {}))
  const fetchNetwork = (format: 'xlsx' | 'graphml' | 'json') => fetched(callQuery(exportNetwork, { format }))
  const report = store.output ?? look.output
  return (
    <div className="page">
      <PageHead
        title={t('import.title')}
        lead={t('import.lead')}
        actions={
          <>
            <Button onPress={() => fetchFile(starterSheet)}>{t('import.starterSheet')}</Button>
            <Button onPress={() => fetchFile(exportMembers)}>{t('import.export')}</Button>
            <Button onPress={() => fetchNetwork('xlsx')}>{t('import.network')}</Button>
            <Button onPress={() => fetchNetwork('graphml')}>{t('import.graph')}</Button>
            <Button onPress={() => fetchNetwork('json')}>{t('import.data')}</Button>
          </>
        }
      />
      {problem ? <Problem problem={problem} /> : null}
      {marked === '' ? null : (
        <p role="status">
          {t('import.marked')} <Marking text={marked} />
        </p>
      )}
      <Section title={t('import.choose')}>
        <div className="field">
          <label className="field-label" htmlFor={id}>
            {t('import.files')}
          </label>
          <input id={id} className="field-box" type="file" accept=".csv,.xlsx,text/csv" multiple onChange={(event) => void choose(event)} />
          <span className="field-help">{t('import.filesHelp')}</span>
        </div>
        <Checkbox label={t('import.complete')} selected={complete} onChange={(on) => void sayComplete(on)} />
        {look.problem ? <Problem problem={look.problem} /> : null}
        {store.problem ? <Problem problem={store.problem} /> : null}
        {report ? <Report report={report} /> : <p role="status">{look.state === 'sending' ? t('import.reading') : ''}</p>}
        {look.output && !store.output ? (
          <div className="row">
            <Button
              kind="primary"
              isDisabled={look.output.counts.stored === 0 || store.state === 'sending'}
              onPress={() => void store.run({ files, preview: false, complete })}
            >
              {t('import.store', { count: look.output.counts.stored })}
            </Button>
          </div>
        ) : null}
      </Section>
    </div>
  )
}
