import type { BandIncident } from './band.tsx'
import type { Waiting } from './queue.ts'
import type { Self } from './session.tsx'
import type { StateTone } from './state-word.tsx'

/** Made-up people and places for the gallery: obviously so. */
const opened = Date.now()
export const galleryAt = (minutesAgo: number): string => new Date(opened - minutesAgo * 60_000).toISOString()

export const gallerySelf: Self = {
  person: { id: 'p1', name: 'Ada Quill' },
  post: { id: 'w1', name: 'Watch officer, City of Velm' },
  world: { id: 'live', kind: 'live', name: 'live' },
}

export const galleryIncident: BandIncident = {
  title: 'River Velm flood',
  phase: 'Response',
  facts: [
    { id: 'lead', name: 'Lead agency', value: 'UNRESOLVED', alarm: true },
    { id: 'declared', name: 'Major incident', value: 'declared 21:52' },
    { id: 'absent', name: 'Not here', value: 'Power Networks, Brindle Health Trust' },
    { id: 'overdue', name: 'Overdue', value: '1 decision without reasons' },
  ],
}

export interface GalleryAgency {
  id: string
  name: string
  seat: string
  tone: StateTone
  people: number | null
  minutesAgo: number
  marking: string
}

export const galleryAgencies: readonly GalleryAgency[] = [
  { id: 'fire', name: 'Velmshire Fire and Rescue', seat: 'present', tone: 'done', people: 12, minutesAgo: 38, marking: 'TLP:GREEN' },
  { id: 'police', name: 'Velm City Police', seat: 'present', tone: 'done', people: 8, minutesAgo: 41, marking: 'TLP:AMBER' },
  {
    id: 'ambulance',
    name: 'Three Hills Ambulance Service',
    seat: 'virtual',
    tone: 'done',
    people: 5,
    minutesAgo: 22,
    marking: 'TLP:GREEN',
  },
  {
    id: 'council',
    name: 'City Council of Velm',
    seat: 'present without authority',
    tone: 'begun',
    people: 3,
    minutesAgo: 17,
    marking: 'OFFICIAL',
  },
  { id: 'power', name: 'Velm Power Networks', seat: 'en route', tone: 'waiting', people: 2, minutesAgo: 9, marking: 'OFFICIAL-SENSITIVE' },
  {
    id: 'health',
    name: 'Brindle Health Trust',
    seat: 'silent for 31 minutes',
    tone: 'alarm',
    people: null,
    minutesAgo: 31,
    marking: 'TLP:AMBER+STRICT',
  },
  { id: 'rail', name: 'Velm Light Railway', seat: 'not asked', tone: 'none', people: null, minutesAgo: 55, marking: 'TLP:CLEAR' },
]

export const galleryLog = [
  {
    id: '1',
    minutesAgo: 4,
    recordedMinutesAgo: 4,
    title: 'Lead agency is contested by the City Council.',
    by: 'Secretariat',
    marking: 'TLP:AMBER',
    alarm: true,
  },
  {
    id: '2',
    minutesAgo: 17,
    recordedMinutesAgo: 16.5,
    title: 'City Council took its seat, without authority to commit.',
    by: 'Secretariat',
    marking: 'TLP:GREEN',
  },
  {
    id: '3',
    minutesAgo: 38,
    recordedMinutesAgo: 12,
    title: 'Fire and Rescue: two crews at Mill Weir, water 4.1 m and rising.',
    by: 'Loggist for the fire commander',
    marking: 'OFFICIAL-SENSITIVE // TLP:AMBER',
  },
  {
    id: '4',
    minutesAgo: 61,
    recordedMinutesAgo: 61,
    title: 'Warning from the river service accepted; duty structure activated at level 2.',
    by: 'Watch officer',
    marking: 'TLP:GREEN',
  },
] satisfies { id: string; minutesAgo: number; recordedMinutesAgo: number; title: string; by: string; marking: string; alarm?: boolean }[]

export const galleryWaiting: Waiting = {
  key: 'w1',
  path: '/api/watch/accept',
  input: {},
  title: 'Accept the call-out',
  at: galleryAt(2),
  as: 'p1/w1/live',
}
