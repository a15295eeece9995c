import type { SignInTexts } from './en.ts'

export const signInPl: SignInTexts = {
  how: 'Sposób logowania',
  password: 'Hasło',
  lead: 'Zaloguj się na stronie {{name}}. Mailcoffer dostaje klucz do Twojej poczty i nie widzi hasła; w każdej chwili możesz cofnąć to w {{name}}.',
  begin: 'Zaloguj się w {{name}}…',
  again: 'Zaloguj się ponownie…',
  useCode: 'Użyj innego komputera',
  waiting: 'Dokończ w przeglądarce i wróć tutaj. Do tego czasu okno czeka.',
  waitingCode: 'Otwórz {{url}} na dowolnym komputerze i wpisz ten kod:',
  open: 'Otwórz stronę',
  cancel: 'Zrezygnuj',
  signedIn: 'Zalogowano.',
  kept: 'Zalogowano wcześniej; to pozostaje.',
  goodbye: 'Mailcoffer otrzymał odpowiedź. Możesz zamknąć tę stronę i wrócić do programu.',
  noClient:
    'Aby zalogować się w {{name}}, Mailcoffer potrzebuje identyfikatora klienta: nazwy, pod którą program jest tam zarejestrowany. Własnego nie ma. Poproś o niego osobę, która opiekuje się Twoją pocztą lub dała Ci Mailcoffer, albo zarejestruj własny; przewodnik mówi jak, w części „Signing in”.',
  clientId: 'Identyfikator klienta',
  clientSecret: 'Klucz tajny klienta, jeśli jest',
  keepClient: 'Użyj tego identyfikatora',
  changeClient: 'Inny identyfikator klienta…',
}
