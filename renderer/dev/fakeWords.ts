/** Made-up people and phrases for the fake engine. */
export const people = [
  { name: 'Zofia Wiśniewska', address: 'zofia@pracownia.example' },
  { name: 'Marek Łęcki', address: 'marek.lecki@kolej.example' },
  { name: '王小明', address: 'xiaoming.wang@beijing.example' },
  { name: '陈静', address: 'jing.chen@shanghai.example' },
  { name: 'Jürgen Größmann', address: 'juergen@werkstatt.example' },
  { name: 'Annelie Weiß', address: 'a.weiss@verlag.example' },
  { name: 'Harriet Oyelaran', address: 'harriet@tidepool.example' },
  { name: 'Tom Ashdown', address: 'tom@ashdown.example' },
  { name: 'Rada Domów', address: 'biuro@rada.example' },
  { name: 'Buildbot', address: 'builds@ci.example' },
  { name: '', address: 'no-reply@invoices.example' },
  { name: 'Inés Carballo', address: 'ines@carballo.example' },
] as const

export const subjects = [
  'Minutes of Tuesday’s meeting',
  'Re: Umowa najmu – poprawki do paragrafu 7',
  '关于下周会议的安排',
  'Rechnung 2024-1187 für die Werkstatt',
  'Photos from the coast',
  'Re: Re: The roof of the boathouse',
  'Zaproszenie na otwarcie wystawy',
  '项目进度报告(第三季度)',
  'Your invoice for September',
  'Build 4312 passed',
  'Fwd: Fahrplan ab Dezember',
  'Question about the last chapter',
  'Protokół odbioru mieszkania',
  'Lunch on Friday?',
  '合同修改稿',
  'Newsletter: What grows in October',
  '',
] as const

export const snippets = [
  'Thank you all for coming. I have put the minutes below, and the plan with the dates we agreed on is attached.',
  'Dzień dobry, przesyłam poprawioną wersję umowy. Zmiany zaznaczyłem na czerwono, proszę o uwagi do piątku.',
  '大家好，下周二上午十点在三楼会议室开会，请提前准备好各自的进度报告。',
  'anbei die Rechnung für die Arbeiten im Oktober. Bitte überweisen Sie den Betrag innerhalb von 14 Tagen.',
  'The tide was out and the light was good, so I took rather a lot of them. The best ones are at the end.',
  'I spoke to the carpenter this morning. He can come in the second week of May if the weather holds.',
] as const

export const body = `Dear all,

Thank you for coming on Tuesday. The minutes are below; the plan with the dates is attached.

1. The roof of the boathouse is done by the middle of May. Harriet talks to the carpenter.
2. The invoices of the spring go to Annelie, who keeps the list: https://verlag.example/list?year=2024.
3. Wang sends the drawings again, in a format that everybody can open.

Next meeting on the 4th, ten o'clock, at the usual place.

Best wishes
Zofia

> On Monday, Tom Ashdown wrote:
> Shall we meet on Tuesday? I can bring the plans.
>> Only if somebody brings a cake as well.
`

export const html = `<div style="font-family:Georgia,serif;max-width:640px">
<h2 style="color:#0b645d;font-weight:normal;border-bottom:1px solid #ddd;padding-bottom:8px">Minutes of Tuesday’s meeting</h2>
<p>Thank you all for coming. The plan with the dates we agreed on is attached.</p>
<table style="border-collapse:collapse;width:100%"><tr style="background:#f2f7f6"><th align="left" style="padding:6px 10px">What</th><th align="left" style="padding:6px 10px">Who</th><th align="left" style="padding:6px 10px">Until</th></tr>
<tr><td style="padding:6px 10px;border-top:1px solid #e3e7e7">Roof of the boathouse</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">Harriet</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">15 May</td></tr>
<tr><td style="padding:6px 10px;border-top:1px solid #e3e7e7">Drawings, second version</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">王小明</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">20 May</td></tr>
<tr><td style="padding:6px 10px;border-top:1px solid #e3e7e7">Umowa najmu</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">Marek Łęcki</td><td style="padding:6px 10px;border-top:1px solid #e3e7e7">1 June</td></tr></table>
<p>Next meeting on the 4th, ten o’clock, <a href="https://tidepool.example/place">at the usual place</a>.</p>
<p style="color:#777">Zofia</p></div>`
