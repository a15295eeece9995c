import { enErrors } from './en.ts'
export const plErrors = enErrors
