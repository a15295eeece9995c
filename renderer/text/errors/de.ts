import { enErrors } from './en.ts'
export const deErrors = enErrors
