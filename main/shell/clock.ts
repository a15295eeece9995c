/** The only place of the shell that asks the computer for the time: Unix milliseconds. */
export const now = (): number => Date.now()
