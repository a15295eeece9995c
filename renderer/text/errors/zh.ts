import { enErrors } from './en.ts'
export const zhErrors = enErrors
