export const enErrors: any = {}
