import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { addAnchor, addSource, retireSource, SourceKind, sourceKinds } from '../../sources/contract.ts'

/** What an administrator does with sources: add one, whose token is shown here and nowhere else, and believe a certificate. */
export const KeepSources = () => (
  <div className="row">
    <AddSource />
    <AddAnchor />
  </div>
)

function AddSource() {
  const t = useWords('watch')
  const add = useCommandOf(addSource, { changes: ['watch.sources'] })
  const [kind, setKind] = useState<SourceKind>('http')
  return (
    <DialogButton words={t('desk.keep.add')} title={t('desk.keep.add')} kind="primary">
      {(close) =>
        add.output ? (
          <div className="form">
            <p>{t(`desk.keep.added.${kind}`, { where: add.output.where ?? '' })}</p>
            {add.output.token ? (
              <p>
                <strong>{t('desk.keep.token')}</strong> <code className="desk-hash">{add.output.token}</code>
              </p>
            ) : null}
            <FormButtons>
              <Button
                onPress={() => {
                  add.reset()
                  close()
                }}
              >
                {t('desk.keep.done')}
              </Button>
            </FormButtons>
          </div>
        ) : (
          <Form
            label={t('desk.keep.add')}
            problem={add.problem}
            onSubmit={(values) =>
              void add.run({
                kind,
                code: values.code ?? '',
                name: values.name ?? '',
                owner: values.owner ?? '',
                address: kind === 'feed' ? (values.address ?? '') : null,
              })
            }
          >
            <Choices
              name="kind"
              label={t('desk.source.kind')}
              required
              value={kind}
              onChange={(id) => setKind(SourceKind.parse(id))}
              choices={sourceKinds.map((one) => ({ id: one, words: t(`desk.way.${one}`), more: t(`desk.keep.more.${one}`) }))}
            />
            <TextField name="name" label={t('desk.source.name')} required maxLength={120} />
            <TextField name="code" label={t('desk.keep.code')} help={t('desk.keep.codeHelp')} required maxLength={40} />
            <TextField name="owner" label={t('desk.source.owner')} maxLength={120} />
            {kind === 'feed' ? (
              <TextField
                name="address"
                type="url"
                label={t('desk.keep.address')}
                help={t('desk.keep.addressHelp')}
                required
                maxLength={2000}
              />
            ) : null}
            <FormButtons>
              <Button type="submit" kind="primary" busy={add.state === 'sending'}>
                {t('desk.keep.add')}
              </Button>
            </FormButtons>
          </Form>
        )
      }
    </DialogButton>
  )
}

function AddAnchor() {
  const t = useWords('watch')
  const add = useCommandOf(addAnchor, { changes: ['watch.trust_anchors'] })
  return (
    <DialogButton words={t('desk.keep.anchor')} title={t('desk.keep.anchor')}>
      {(close) => (
        <Form
          label={t('desk.keep.anchor')}
          problem={add.problem}
          onSubmit={(values) =>
            void add.run({ name: values.name ?? '', pem: values.pem ?? '' }).then((outcome) => outcome.state === 'done' && close())
          }
        >
          <p>{t('desk.keep.anchorMore')}</p>
          <TextField name="name" label={t('desk.keep.anchorName')} required maxLength={120} />
          <TextArea name="pem" label={t('desk.keep.pem')} required rows={8} maxLength={100_000} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={add.state === 'sending'}>
              {t('desk.keep.anchor')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export function Retire({ sourceId, name }: { sourceId: string; name: string }) {
  const t = useWords('watch')
  const retire = useCommandOf(retireSource, { changes: ['watch.sources'] })
  return (
    <DialogButton words={t('desk.keep.retire')} title={t('desk.keep.retireTitle', { source: name })} kind="plain">
      {(close) => (
        <>
          {retire.problem ? <Problem problem={retire.problem} /> : null}
          <p>{t('desk.keep.retireMore')}</p>
          <FormButtons>
            <Button
              kind="alarm"
              busy={retire.state === 'sending'}
              onPress={() => void retire.run({ sourceId }).then((outcome) => outcome.state === 'done' && close())}
            >
              {t('desk.keep.retire')}
            </Button>
          </FormButtons>
        </>
      )}
    </DialogButton>
  )
}
