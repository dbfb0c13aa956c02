/** The fixed words of a pack, for who reads it without Concord. They stand here and not in the page's catalogues: a pack is made by the server. */
const en = {
  live: 'LIVE',
  exercise: 'EXERCISE',
  title: 'Disclosure pack',
  of: 'Made by {city} for {receiver}',
  purpose: 'Purpose',
  authority: 'Authority',
  asked: 'Asked for',
  reach: 'What it holds',
  reachall: 'All entries of the incident and of what belongs to it.',
  reachmembers: 'What members who see the whole incident may read.',
  reachagency: 'What the members of the incident and one agency may read.',
  stubs: 'Entries that are not for the receiver stand as stubs: a header and a hash, no content.',
  incident: 'Incident (number)',
  sealed: 'The record, as sealed',
  unproved: 'This pack carries no proofs. The city’s record holds the hash of its manifest: ask the city, or an inquiry, to confirm it.',
  markings: 'Markings of what is in it',
  limits:
    'What it can say: that something was available, was sent, was opened, was acknowledged. It cannot say that somebody knew, and it is silent about telephones, corridors and paper.',
  certified: 'This document has tags for assistive technology (PDF/UA-1). It was checked for having them; it is not certified.',
  contents: 'Contents',
  lines: '{shown} of {all} lines; all of them are in {file}.',
  none: 'Nothing in this chapter.',
  recordedAt: 'Recorded',
  occurredAt: 'Happened',
  person: 'Who',
  words: 'What',
  marking: 'Marking',
  n: 'No.',
  looks: 'Who was sent, opened and acknowledged what',
  what: 'What was done',
  sent: 'sent',
  opened: 'opened',
  acknowledged: 'acknowledged',
  at: 'When',
  about: 'About entry no.',
  picture: 'What was available to {name} at {at}',
  available: 'Available since',
  notRecorded: 'not recorded',
  removed: '(removed by retention: its hash is left)',
  withheld: '(not for this receiver)',
  page: 'Page',
}
export type PackWords = typeof en

const fr: PackWords = {
  live: 'RÉEL',
  exercise: 'EXERCICE',
  title: 'Dossier de divulgation',
  of: 'Établi par {city} pour {receiver}',
  purpose: 'But',
  authority: 'Autorité',
  asked: 'Demandé le',
  reach: 'Ce qu’il contient',
  reachall: 'Toutes les inscriptions de l’incident et de ce qui en fait partie.',
  reachmembers: 'Ce que peuvent lire les membres qui voient tout l’incident.',
  reachagency: 'Ce que les membres de l’incident et une organisation peuvent lire.',
  stubs: 'Les inscriptions qui ne sont pas pour le destinataire figurent comme souches : un en-tête et une empreinte, sans contenu.',
  incident: 'Incident (numéro)',
  sealed: 'Le registre, tel que scellé',
  unproved:
    'Ce dossier ne porte pas de preuves. Le registre de la ville garde l’empreinte de son manifeste : demandez à la ville, ou à une enquête, de la confirmer.',
  markings: 'Marquages de ce qui s’y trouve',
  limits:
    'Ce qu’il peut dire : qu’une chose était disponible, a été envoyée, ouverte, accusée. Il ne peut dire que quelqu’un savait, et se tait sur les téléphones, les couloirs et le papier.',
  certified:
    'Ce document porte des balises pour les technologies d’assistance (PDF/UA-1). Leur présence a été vérifiée ; il n’est pas certifié.',
  contents: 'Table',
  lines: '{shown} lignes sur {all} ; toutes sont dans {file}.',
  none: 'Rien dans ce chapitre.',
  recordedAt: 'Inscrit',
  occurredAt: 'Survenu',
  person: 'Qui',
  words: 'Quoi',
  marking: 'Marquage',
  n: 'N°',
  looks: 'Qui a reçu, ouvert et accusé quoi',
  what: 'Ce qui a été fait',
  sent: 'envoyé',
  opened: 'ouvert',
  acknowledged: 'accusé',
  at: 'Quand',
  about: 'Sur l’inscription n°',
  picture: 'Ce qui était disponible pour {name} à {at}',
  available: 'Disponible depuis',
  notRecorded: 'non inscrit',
  removed: '(retiré à l’échéance : son empreinte reste)',
  withheld: '(pas pour ce destinataire)',
  page: 'Page',
}

export const packWords = { en, fr } as const
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** How to read and check a pack, for somebody who holds nothing but the pack. */
export function readMe(language: 'en' | 'fr', it: { mode: string; marking: string; proved: boolean; report: string }): string {
  const head = `${it.mode} · ${it.marking}\n\n`
  if (language === 'fr')
    return `${head}Commencez par ${it.report}. Les tableaux (.csv) contiennent tout ; manifest.json nomme chaque fichier et son empreinte SHA-256.

Vérifier, sans Concord et sans réseau, avec Node 20 ou plus récent :

1. node check-files.mjs            chaque fichier est-il tel qu’il a été établi ? Il dit l’empreinte du manifeste :
                                   comparez-la avec celle que la ville vous a donnée par une autre voie.
${
  it.proved
    ? `2. node concord-verify.mjs record.jsonl --keys CLES
                                   chaque inscription est-elle celle que le registre a scellée ? CLES : un fichier avec les clés
                                   publiques de la ville, que vous tenez d’ailleurs que d’ici. Sans lui, le dossier n’est d’accord qu’avec lui-même.
`
    : '2. Ce dossier ne porte pas de preuves par inscription : demandez à la ville de confirmer l’empreinte du manifeste.\n'
}
Disponible ne veut pas dire su ; envoyé ne veut pas dire lu.
`
  return `${head}Begin with ${it.report}. The tables (.csv) hold everything; manifest.json names every file and its SHA-256.

To check it, without Concord and without a network, with Node 20 or later:

1. node check-files.mjs            is every file as it was made? It says the hash of the manifest: compare it with the one that the
                                   city gave you by another way.
${
  it.proved
    ? `2. node concord-verify.mjs record.jsonl --keys KEYS
                                   is every entry the one that the record sealed? KEYS: a file with the city's public keys, which you
                                   have from somewhere else than here. Without it the pack only agrees with itself.
`
    : '2. This pack carries no proofs entry by entry: ask the city to confirm the hash of the manifest.\n'
}
Available is never knew; sent is never read.
`
}
