import type { SignInTexts } from './en.ts'

export const signInDe: SignInTexts = {
  how: 'Anmelden mit',
  password: 'Passwort',
  lead: 'Melden Sie sich auf der Seite von {{name}} an. Mailcoffer bekommt einen Schlüssel zu Ihrer Post und sieht Ihr Passwort nie; bei {{name}} können Sie ihn jederzeit zurücknehmen.',
  begin: 'Bei {{name}} anmelden…',
  again: 'Neu anmelden…',
  useCode: 'Anderen Computer benutzen',
  waiting: 'Schließen Sie die Anmeldung im Browser ab und kommen Sie zurück. So lange wird hier gewartet.',
  waitingCode: 'Öffnen Sie {{url}} auf einem beliebigen Computer und geben Sie diesen Code ein:',
  open: 'Seite öffnen',
  cancel: 'Abbrechen',
  signedIn: 'Sie sind angemeldet.',
  kept: 'Früher angemeldet; das bleibt so.',
  goodbye: 'Mailcoffer hat seine Antwort. Sie können diese Seite schließen und zurückkehren.',
  noClient:
    'Um sich bei {{name}} anzumelden, braucht Mailcoffer eine Client-ID: den Namen, unter dem ein Programm dort registriert ist. Eine eigene bringt es nicht mit. Fragen Sie, wer Ihre Post betreut oder Ihnen Mailcoffer gegeben hat, oder registrieren Sie selbst eine; die Anleitung sagt unter „Signing in“, wie.',
  clientId: 'Client-ID',
  clientSecret: 'Geheimer Clientschlüssel, falls es einen gibt',
  keepClient: 'Diese Client-ID benutzen',
  changeClient: 'Andere Client-ID…',
}
