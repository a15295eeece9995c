/**
 * Everybody in the sample. Zofia runs a workshop of three in Gdańsk that plans light for museums and theatres; the others
 * are whom such a workshop writes with. All are invented, and live under .example and .invalid (RFC 2606, RFC 6761).
 */
import type { Person } from './compose.ts'

export type Language = 'pl' | 'en' | 'de' | 'zh' | 'ja' | 'ru'

export interface Correspondent extends Person {
  language: Language
}

const someone = (language: Language, name: string, address: string, signature = ''): Correspondent =>
  signature === '' ? { language, name, address } : { language, name, address, signature }

export const zofia = someone(
  'pl',
  'Zofia Marczak',
  'zofia@latarnia.example',
  'Zofia Marczak\nPracownia Latarnia – światło dla muzeów i scen\nul. Przykładowa 7, Gdańsk',
)
export const tomasz = someone('pl', 'Tomasz Żuraw', 'tomasz@latarnia.example', 'Tomek')
export const basia = someone('pl', 'Barbara Ćwik', 'biuro@latarnia.example', 'Barbara Ćwik\nbiuro, Pracownia Latarnia')
export const halina = someone('pl', 'Halina Ślusarczyk', 'halina@liczydlo.example', 'Halina Ślusarczyk\nBiuro Rachunkowe Liczydło')
export const rodzik = someone('pl', 'Paweł Rodzik', 'kancelaria@rodzik.example', 'Paweł Rodzik, radca prawny')
export const teatr = someone('pl', 'Grażyna Łoś', 'g.los@zoltazaba.example', 'Grażyna Łoś\nkierownik techniczny\nTeatr Żółta Żaba')
export const ola = someone('pl', 'Ola', 'ola.marczak@example.org')
export const finch = someone(
  'en',
  'Eleanor Finch',
  'eleanor.finch@harbourmuseum.example',
  'Eleanor Finch\nHead of Exhibitions\nThe Harbour Museum, Port Example',
)
export const pryce = someone('en', 'Dr Owen Pryce', 'owen.pryce@harbourmuseum.example', 'Owen Pryce\nPaper and Textile Conservation')
export const grossmann = someone(
  'de',
  'Jürgen Großmann',
  'j.grossmann@nordlicht.example',
  'Mit freundlichen Grüßen\nJürgen Großmann\nNordlicht Technik GmbH · Musterstraße 12 · Hamburg',
)
export const boehm = someone('de', 'Käthe Böhm', 'buchhaltung@nordlicht.example', 'Käthe Böhm\nBuchhaltung, Nordlicht Technik GmbH')
export const lin = someone('zh', '林晓梅', 'lin.xiaomei@lanhu.example', '林晓梅\n蓝湖光电有限公司 海外业务部')
export const zhou = someone('zh', '周建国', 'zhou@lanhu.example', '周建国\n蓝湖光电有限公司 生产部经理')
export const sasaki = someone('ja', '佐々木 花', 'hana.sasaki@hikari-kobo.example', '佐々木 花\n光工房 デザイン課')
export const belova = someone('ru', 'Ирина Белова', 'irina@mayak.example', 'Ирина Белова\nгалерея "Маяк", Алматы')

export const kurier = someone('pl', 'Kurier Bałtyk', 'tracking@kurier-baltyk.example')
export const hosting = someone('en', 'Example Hosting', 'billing@hosting.example')
export const lumen = someone('en', 'The Lumen Letter', 'news@lumenletter.example')
export const lichtbrief = someone('de', 'Lichtbrief', 'redaktion@lichtbrief.example')
export const backup = someone('en', 'Cron Daemon', 'root@nas.latarnia.example')
export const sklep = someone('pl', 'Części do lamp', 'zamowienia@lampy-czesci.example')
