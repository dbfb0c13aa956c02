import { useState } from 'react'
import { Age, MayGoStale, Moment } from './age.tsx'
import { Badge, LabelBadge, Marking } from './badge.tsx'
import { Band } from './band.tsx'
import { Answers, Button } from './button.tsx'
import { Changes } from './changes.tsx'
import { DialogButton } from './dialog.tsx'
import { Checkbox, Choices, Select, TextArea, TextField, TimeField } from './fields.tsx'
import { Many } from './many.tsx'
import { Form, FormButtons } from './form.tsx'
import { galleryAgencies, galleryAt, galleryIncident, galleryLog, gallerySelf, galleryWaiting, type GalleryAgency } from './gallery-data.ts'
import { ContactWords } from './offline.tsx'
import { Beside, Facts, PageHead, Section } from './page.tsx'
import { ProblemError } from './problem-error.ts'
import { Banner, EmptyState, Problem, Progress, Waiting } from './problem.tsx'
import { StateWord } from './state-word.tsx'
import { Table, type TableColumn } from './table.tsx'
import { Tabs } from './tabs.tsx'
import { Timeline } from './timeline.tsx'
import { useView } from './view.ts'
import { Headline } from './wall.tsx'
import { useWords } from './words.ts'

const columns: readonly TableColumn<GalleryAgency>[] = [
  { id: 'name', title: 'Agency', cell: (one) => one.name, sort: (one) => one.name },
  {
    id: 'seat',
    title: 'Seat',
    cell: (one) => <StateWord tone={one.tone}>{one.seat}</StateWord>,
    sort: (one) => one.seat,
    text: (one) => one.seat,
  },
  {
    id: 'people',
    title: 'People',
    cell: (one) => one.people ?? 'not said',
    sort: (one) => one.people,
    figures: true,
    text: (one) => String(one.people ?? ''),
  },
  {
    id: 'since',
    title: 'Since',
    cell: (one) => <Moment at={galleryAt(one.minutesAgo)} />,
    sort: (one) => one.minutesAgo,
    figures: true,
    text: (one) => String(one.minutesAgo),
  },
  { id: 'label', title: 'Marking', cell: (one) => <Marking text={one.marking} />, text: (one) => one.marking },
]

const log = (oldestFirst = false) => (
  <Timeline
    label="Log of the centre"
    oldestFirst={oldestFirst}
    items={galleryLog.map((one) => ({
      id: one.id,
      occurredAt: galleryAt(one.minutesAgo),
      recordedAt: galleryAt(one.recordedMinutesAgo),
      title: one.title,
      by: one.by,
      alarm: one.alarm ?? false,
      label: <Marking text={one.marking} />,
    }))}
  />
)

/** Every part of the kit in each of its states: what it looks like, and the bed on which axe and the screenshots are taken. */
export function Gallery() {
  const view = useView()
  return view === 'wall' ? <WallSide /> : <DeskSide />
}

const WallSide = () => (
  <div className="page">
    <Band self={gallerySelf} incident={galleryIncident} />
    <h1>River Velm flood</h1>
    <div className="headlines">
      <Headline name="Lead agency" age={<Age at={galleryAt(4)} owner="Secretariat" />}>
        <StateWord tone="alarm">UNRESOLVED</StateWord>
      </Headline>
      <Headline name="Seats filled" age={<Age at={galleryAt(2)} staleAfter={30} />}>
        6 of 8
      </Headline>
      <Headline name="People affected" age={<Age at={galleryAt(190)} owner="Brindle Health Trust" staleAfter={60} />}>
        <MayGoStale at={galleryAt(190)} staleAfter={60}>
          1,240
        </MayGoStale>
      </Headline>
    </div>
    <Section title="Log">{log()}</Section>
  </div>
)

function DeskSide() {
  const [done, setDone] = useState('')
  return (
    <div className="page">
      <PageHead
        title="Gallery"
        lead="Each part of the kit in its states. Names and places are made up."
        aside={
          <>
            <LabelBadge
              label={7}
              marking="OFFICIAL-SENSITIVE // TLP:AMBER"
              audience={{
                who: ['The strategic group of River Velm flood (8 people)', 'Duty posts of Velmshire Fire and Rescue'],
                why: ['You hold the post Watch officer until 07:00'],
              }}
            />
            <Age at={galleryAt(3)} owner="Secretariat" />
          </>
        }
        actions={
          <>
            <Button kind="primary" onPress={() => setDone('Opened.')}>
              Open a centre
            </Button>
            <Button>Print the pack</Button>
            <Button kind="alarm">Stand down</Button>
            <Button kind="plain">What is this?</Button>
            <Button isDisabled>Not yet</Button>
            <Button busy>Sending</Button>
            <span role="status">{done}</span>
          </>
        }
      />
      <Section title="Band and banners">
        <Band self={gallerySelf} incident={galleryIncident} />
        <Band self={{ ...gallerySelf, world: { id: 'x', kind: 'exercise', name: 'Quiet Water 4' }, post: null }} />
        <Banner word="UNRESOLVED">Lead agency asked for 24 minutes; Fire and Rescue and the City Council both act as lead.</Banner>
        <Banner word="Draft" kind="plain">
          Nobody else sees this yet.
        </Banner>
        <ContactWords since={galleryAt(6)} online waiting={[galleryWaiting]} />
        <ContactWords since={null} online waiting={[{ ...galleryWaiting, key: 'w2', refused: 'Somebody else accepted.' }]} />
      </Section>
      <Changes
        since={galleryAt(95)}
        items={[
          { id: '1', words: 'Lead agency is contested' },
          { id: '2', words: 'Two seats filled: Ambulance Service, Power Networks' },
        ]}
        onSeen={() => setDone('Seen.')}
      />
      <Beside>
        <Section title="Table" aside={<Age at={galleryAt(2)} />}>
          <Table
            label="Seats"
            rows={galleryAgencies}
            columns={columns}
            rowId={(one) => one.id}
            onOpen={(one) => setDone(`${one.name} opened.`)}
            alarmed={(one) => one.tone === 'alarm'}
            sortedBy={{ column: 'name', direction: 'ascending' }}
          />
        </Section>
        <Section title="Facts and states">
          <Facts
            facts={[
              { name: 'Lead agency', value: <StateWord tone="alarm">UNRESOLVED</StateWord> },
              { name: 'Declared', value: <StateWord tone="done">major incident, by Fire and Rescue</StateWord> },
              { name: 'Called', value: <StateWord tone="begun">attempted</StateWord> },
              { name: 'Next review', value: <StateWord tone="waiting">waits for the chair</StateWord> },
              { name: 'Gas', value: <StateWord tone="unknown">unknown</StateWord> },
              { name: 'Recovery', value: <StateWord tone="none">not begun</StateWord> },
              { name: 'Old figure', value: <Age at={galleryAt(60 * 30)} owner="Power Networks" staleAfter={60} /> },
            ]}
          />
          <div className="row">
            <Marking text="TLP:RED // TLP:AMBER+STRICT // TLP:AMBER // TLP:GREEN // TLP:CLEAR" />
            <Badge>draft</Badge>
          </div>
        </Section>
      </Beside>
      <Beside>
        <Section title="Timeline">{log()}</Section>
        <Section title="Form">
          <GalleryForm />
        </Section>
      </Beside>
      <Tabs
        label="Parts of the room"
        tabs={[
          { id: 'log', title: 'Log', content: () => <p>The log of the centre.</p> },
          { id: 'seats', title: 'Seats', content: () => <p>Who is here.</p> },
          { id: 'decisions', title: 'Decisions', content: () => <p>What was decided, and why.</p> },
        ]}
      />
      <Section title="Problems, waiting, nothing">
        <Problem problem={new ProblemError('stale', '')} onRetry={() => setDone('Tried again.')} />
        <Problem
          problem={
            new ProblemError('not-allowed', 'Only the secretariat may open a centre. Nothing was changed. Ask the secretariat on duty.')
          }
        />
        <Waiting />
        <Progress label="Reading the list of agencies" done={21} of={35} />
        <EmptyState title="No agencies yet" action={<Button kind="primary">Import a list</Button>}>
          <p>Agencies are who the city counts on. The resilience officer puts them in, from a list of forums or by hand.</p>
        </EmptyState>
      </Section>
      <Section title="Pocket answers">
        <Answers label="Answer the call-out">
          <Button big kind="primary">
            Accept
          </Button>
          <Button big>Decline with reason</Button>
          <Button big>Call me</Button>
        </Answers>
      </Section>
    </div>
  )
}

const told = [
  'Ambulance',
  'City Council',
  'Fire and Rescue',
  'Harbour',
  'Health',
  'Police',
  'Power',
  'Railway',
  'Trams',
  'Voluntary Sector',
  'Water',
]

function WhoIsTold() {
  const [chosen, choose] = useState<readonly string[]>(['Police'])
  return <Many label="Who is told" choices={told.map((words) => ({ id: words, words }))} chosen={chosen} onChange={choose} />
}

function GalleryForm() {
  const t = useWords()
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const [said, setSaid] = useState('')
  return (
    <Form
      label="Record a decision"
      problem={problem}
      onSubmit={(values) => {
        setSaid(JSON.stringify(values))
        setProblem(
          new ProblemError('invalid', 'This time is after now. Nothing was recorded. Give the time at which it was decided.', {
            field: 'decidedAt',
          }),
        )
      }}
    >
      <TextField label="Question" name="question" required help="As it was put to the room." />
      <Select
        label="Decided by"
        name="decidedBy"
        required
        choices={[
          { id: 'chair', words: 'Chair', more: 'Strategic group' },
          { id: 'commander', words: 'Fire commander', more: 'Velmshire Fire and Rescue' },
        ]}
      />
      <TimeField label="Decided at" name="decidedAt" required defaultAt={galleryAt(12)} help="City time; 2247 is 22:47." />
      <TextArea label="Reasons" name="rationale" rows={3} />
      <Choices
        label="Was there dissent?"
        name="dissent"
        required
        defaultValue="no"
        choices={[
          { id: 'no', words: 'None was voiced' },
          { id: 'yes', words: 'Yes', more: 'You will be asked for the words.' },
        ]}
      />
      <WhoIsTold />
      <Checkbox label="The reasons are owed and follow within 30 minutes" name="owed" />
      <FormButtons>
        <Button type="submit" kind="primary">
          Record
        </Button>
        <DialogButton words="Look at what was sent" title="What was sent">
          {(close) => (
            <>
              <p>{said || 'Nothing yet.'}</p>
              <FormButtons>
                <Button onPress={close}>{t('dialog.close')}</Button>
              </FormButtons>
            </>
          )}
        </DialogButton>
      </FormButtons>
    </Form>
  )
}
