/** Signing in on a provider's page in place of a password. */
export const signInEn = {
  how: 'Log in with',
  password: 'Password',
  lead: 'Sign in on the page of {{name}}. Mailcoffer gets a key to your mail and never sees your password; you can take it back at {{name}} at any time.',
  begin: 'Sign in at {{name}}…',
  again: 'Sign in again…',
  useCode: 'Use another computer',
  waiting: 'Finish in the browser, then come back. Until then this waits.',
  waitingCode: 'Open {{url}} on any computer and type this code:',
  open: 'Open the page',
  cancel: 'Give up',
  signedIn: 'You are signed in.',
  kept: 'Signed in before; that stays.',
  goodbye: 'Mailcoffer has got its answer. You can close this page and go back to it.',
  noClient:
    'To sign in at {{name}}, Mailcoffer needs a client ID: the name under which a program is registered there. It brings none of its own. Ask whoever looks after your mail or gave you Mailcoffer, or register one yourself; the guide says how under “Signing in”.',
  clientId: 'Client ID',
  clientSecret: 'Client secret, if there is one',
  keepClient: 'Use this client ID',
  changeClient: 'Another client ID…',
}
export type SignInTexts = typeof signInEn
