/** The words of the page behind a call-out's link. Nothing of the incident can be said here: there is no place for it. */
const en = {
  title: 'You are called out',
  exercise: 'EXERCISE EXERCISE EXERCISE',
  city: 'City',
  post: 'Post',
  agency: 'Agency',
  ring: 'Questions, or no time to read? Ring',
  means: 'To accept means: you take the duty of this post now, and you can be reached. Nobody else is asked after you.',
  nothing: 'This page says nothing about the reason. You learn it when you have signed in, or by telephone.',
  accept: 'I accept',
  decline: 'I cannot',
  why: 'Why not, in a few words (the desk reads it; if you cannot, your deputy is asked at once)',
  callMe: 'Please call me',
  filled: 'Somebody else has accepted for this post already. You can still accept: the desk then sees both of you.',
  accepted: 'Your acceptance is recorded.',
  declined: 'It is recorded that you cannot. Your deputy is asked.',
  callMeNoted: 'The desk sees that you want to be called. You are still asked: you can answer here at any time.',
  next: 'What to do now',
  signIn: 'Sign in to take your seat',
  changed: 'If you cannot come after all, ring the number above at once.',
  over: 'This call-out is over. You need not do anything.',
  expired: 'This link is too old. Nothing was recorded. Ring the number above.',
  unknown:
    'This link does not lead to a call-out. Nothing was recorded. If you were called out, use the newest message, or ring your agency.',
  tooMany: 'Too many tries from where you are. Nothing was recorded. Wait a minute, or ring the number in your message.',
}
const fr: typeof en = {
  title: 'Vous êtes appelé',
  exercise: 'EXERCICE EXERCICE EXERCICE (EXERCISE EXERCISE EXERCISE)',
  city: 'Ville',
  post: 'Poste',
  agency: 'Service',
  ring: 'Une question, ou pas le temps de lire ? Appelez le',
  means:
    'Accepter veut dire : vous prenez maintenant le service de ce poste, et vous êtes joignable. Personne d’autre n’est appelé après vous.',
  nothing: 'Cette page ne dit rien du motif. Vous l’apprenez une fois connecté, ou par téléphone.',
  accept: 'J’accepte',
  decline: 'Je ne peux pas',
  why: 'Pourquoi, en quelques mots (le poste de veille le lit ; votre suppléant est appelé aussitôt)',
  callMe: 'Rappelez-moi',
  filled: 'Quelqu’un d’autre a déjà accepté pour ce poste. Vous pouvez encore accepter : la veille vous verra tous les deux.',
  accepted: 'Votre acceptation est enregistrée.',
  declined: 'Votre refus est enregistré. Votre suppléant est appelé.',
  callMeNoted: 'La veille voit que vous voulez être rappelé. Vous êtes toujours appelé : vous pouvez répondre ici à tout moment.',
  next: 'Que faire maintenant',
  signIn: 'Se connecter pour prendre votre siège',
  changed: 'Si finalement vous ne pouvez pas venir, appelez aussitôt le numéro ci-dessus.',
  over: 'Cet appel est terminé. Vous n’avez rien à faire.',
  expired: 'Ce lien est trop ancien. Rien n’a été enregistré. Appelez le numéro ci-dessus.',
  unknown:
    'Ce lien ne mène à aucun appel. Rien n’a été enregistré. Si vous avez été appelé, prenez le dernier message, ou appelez votre service.',
  tooMany: 'Trop d’essais depuis votre adresse. Rien n’a été enregistré. Attendez une minute, ou appelez le numéro de votre message.',
}

export type AcceptWords = typeof en
export const acceptWords: Record<'en' | 'fr', AcceptWords> = { en, fr }
