export function WelcomeScreen(_: any) {
  return null
}
