/** Lamps from China, drivers from Hamburg, a lantern from Japan, a customer in Almaty. */
import { card, datasheet, invoice, plan, sketch } from '../attachments.ts'
import { basia, belova, boehm, grossmann, lin, sasaki, tomasz, zhou, zofia } from '../people.ts'
import type { Story } from '../story.ts'

export const suppliers: Story[] = [
  {
    id: 'lanhu-inquiry',
    box: '供应商/合同',
    subject: '关于 LH-240 射灯的询价',
    between: [lin],
    turns: [
      [
        lin,
        '2023-09-12 09:30 +0800',
        '马女士，您好！\n\n感谢您对蓝湖光电的关注。附件是 LH-240 轨道射灯的规格书。显色指数 97 以上，色温 2700 K 至 4000 K 可选，适合博物馆和画廊使用。\n\n请告诉我您需要的数量和交货时间，我马上安排报价。',
        { files: [datasheet], charset: 'gb18030', flags: ['\\Seen', '\\Answered'] },
      ],
      [
        zofia,
        '2023-09-12 08:10 +0200',
        'Dear Ms Lin,\n\nthank you for the data sheet. We need 96 pieces, 2700 K, beam 12 degrees, at the end of January. Two questions: does the light flicker when dimmed below 5 %, and may we have two samples first?',
      ],
      [
        lin,
        '2023-09-13 10:05 +0800',
        '您好！\n\n调光到百分之一也没有频闪，测试报告可以提供。两个样品今天寄出，免费，运费由我们承担。\n\n九十六个的报价：单价 41 美元，交货期六周。合同草稿下周发给您。',
        { charset: 'gb18030', transfer: 'base64', quote: true },
      ],
      [
        zhou,
        '2023-09-20 16:40 +0800',
        '马女士：\n\n合同已经准备好了，请确认付款方式和交货日期。样品如果有问题，请直接联系我。',
        { files: [datasheet], to: [zofia], cc: [lin], flags: ['\\Seen', '\\Flagged'] },
      ],
      [
        zofia,
        '2023-09-22 09:45 +0200',
        'Dear Mr Zhou, dear Ms Lin,\n\nthe samples are here and they are excellent. We agree to the contract: 30 % now, 70 % when shipped. 谢谢！',
        { to: [lin, zhou] },
      ],
    ],
  },
  {
    id: 'lanhu-delay',
    box: '供应商/合同',
    subject: '交货时间通知',
    between: [lin, zhou],
    turns: [
      [
        lin,
        '2024-01-08 11:15 +0800',
        '您好！\n\n很抱歉通知您：由于春节前工厂订单太多，第二批四十八个射灯要晚五天发货。第一批已经装箱，今天从宁波港发出。\n\n附件是包装照片和草图。',
        { files: [sketch], html: true },
      ],
      [zofia, '2024-01-08 09:02 +0100', 'Five days we can live with, six we cannot. Please tell me as soon as the second box leaves the harbour.'],
      [zhou, '2024-01-17 15:20 +0800', '第二批已经发货，提前了一天。祝您新年快乐，项目顺利！', { charset: 'gb18030', flags: ['\\Seen', '$Label2'] }],
    ],
  },
  {
    id: 'lanhu-invoice',
    box: '供应商/发票',
    subject: '发票 LH-2024-0117',
    between: [lin, basia],
    turns: [
      [
        lin,
        '2024-01-18 09:00 +0800',
        '您好！附件是第二批货物的发票，请查收。付款后请发一份银行回单。',
        { files: [invoice('LH-2024-0117', 'Lanhu Optoelectronics Co., Ltd.', [['LH-240 track spotlight, 48 pcs', 'USD 1,968.00']], 'USD 1,968.00')] },
      ],
      [
        basia,
        '2024-01-18 10:33 +0100',
        'Zosiu, zapłacone dzisiaj, potwierdzenie przelewu wysłałam do pani Lin.',
        { to: [zofia], box: '供应商/发票' },
      ],
    ],
  },
  {
    id: 'nordlicht-driver',
    box: 'Lieferanten/Nordlicht',
    subject: 'Vorschaltgeräte für Galerie 2',
    between: [grossmann],
    turns: [
      [
        zofia,
        '2023-10-16 10:20 +0200',
        'Guten Tag Herr Großmann,\n\nfür ein Museum brauchen wir 24 dimmbare Vorschaltgeräte, die unter fünf Prozent noch flimmerfrei sind. Haben Sie etwas Passendes, und bis wann könnten Sie liefern?',
      ],
      [
        grossmann,
        '2023-10-16 15:48 +0200',
        'Sehr geehrte Frau Marczak,\n\ndafür empfehle ich unser ND-12: flimmerfrei bis 0,5 Prozent, fünf Jahre Gewährleistung. 24 Stück habe ich am Lager, die Lieferung dauert vier Werktage. Das Angebot liegt bei, die Prüfung nach Norm ebenfalls.',
        {
          files: [invoice('Angebot 23-1048', 'Nordlicht Technik GmbH', [['Vorschaltgeraet ND-12, 24 Stueck', 'EUR 2,112.00']], 'EUR 2,112.00')],
          charset: 'windows-1252',
        },
      ],
      [zofia, '2023-10-17 09:05 +0200', 'Vielen Dank, das passt sehr gut. Wir bestellen die 24 Stück zum angebotenen Preis.', { quote: true }],
      [
        grossmann,
        '2023-10-17 11:32 +0200',
        'Herzlichen Dank für den Auftrag! Versand am Donnerstag, die Sendungsnummer folgt.',
        { charset: 'windows-1252', quote: true },
      ],
    ],
  },
  {
    id: 'nordlicht-defect',
    box: 'Lieferanten/Nordlicht',
    subject: 'Reklamation: ein ND-12 summt',
    between: [grossmann, tomasz],
    turns: [
      [
        tomasz,
        '2024-02-20 14:15 +0100',
        'Dzień dobry / Guten Tag,\n\neines der 24 Geräte summt hörbar, sobald man unter 20 % dimmt. Seriennummer ND12-00731. Der Rest ist wunderbar still.',
      ],
      [
        grossmann,
        '2024-02-20 16:02 +0100',
        'Das tut mir leid. Ein Ersatzgerät geht heute noch hinaus; das summende schicken Sie bitte unfrei zurück, unsere Entwicklung möchte es singen hören.',
        { html: true },
      ],
      [zofia, '2024-02-23 10:00 +0100', 'Das neue ist da und schweigt. Danke für die schnelle Hilfe!'],
    ],
  },
  {
    id: 'nordlicht-reminder',
    box: 'Lieferanten/Nordlicht',
    subject: 'Zahlungserinnerung zur Rechnung 24-0219',
    between: [boehm],
    turns: [
      [
        boehm,
        '2024-03-25 08:30 +0100',
        'Sehr geehrte Frau Marczak,\n\nsicherlich ist es Ihrer Aufmerksamkeit entgangen: Die Rechnung 24-0219 über 312,40 Euro ist seit dem 15. März fällig. Falls sich Ihre Zahlung mit diesem Schreiben gekreuzt hat, betrachten Sie es bitte als gegenstandslos.',
        { charset: 'iso-8859-1', files: [invoice('24-0219', 'Nordlicht Technik GmbH', [['Kabel und Kleinteile', 'EUR 312.40']], 'EUR 312.40')] },
      ],
      [
        zofia,
        '2024-03-25 09:10 +0100',
        'Liebe Frau Böhm, die Zahlung ging am Freitag hinaus. Entschuldigen Sie bitte, wir waren alle auf einer Eröffnung.',
      ],
      [boehm, '2024-03-26 08:05 +0100', 'Heute eingegangen, herzlichen Dank. Und Glückwunsch zur Eröffnung!', { charset: 'iso-8859-1' }],
    ],
  },
  {
    id: 'hikari-lantern',
    box: '見積書',
    subject: '和紙ランタンのお見積りについて',
    between: [sasaki],
    turns: [
      [
        sasaki,
        '2024-06-03 10:20 +0900',
        'マルチャク様\n\nいつもお世話になっております。光工房の佐々木です。\n\nお問い合わせいただいた和紙のランタン十二個について、お見積りをお送りいたします。納期は約八週間です。和紙は福井の工房で一枚ずつ漉いたものを使います。\n\nご確認のほど、よろしくお願いいたします。',
        { charset: 'shift_jis', files: [invoice('HK-2406-03', 'Hikari Kobo', [['Washi lantern, 12 pcs', 'JPY 396,000']], 'JPY 396,000')] },
      ],
      [
        zofia,
        '2024-06-03 09:15 +0200',
        'Dear Ms Sasaki,\n\nthank you, the estimate is fine. Could two of the twelve be a shade larger? They hang furthest from the audience.',
      ],
      [
        sasaki,
        '2024-06-05 11:02 +0900',
        'ご返信ありがとうございます。\n\n二個を直径六十センチで製作することは可能です。追加料金はかかりません。図面を添付しますので、ご確認ください。',
        { charset: 'shift_jis', files: [sketch], transfer: 'base64' },
      ],
      [
        sasaki,
        '2024-08-09 09:40 +0900',
        '本日、ランタンを発送いたしました。到着しましたらご連絡ください。良い舞台になりますように。',
        { flags: ['\\Seen', '\\Flagged'] },
      ],
    ],
  },
  {
    id: 'mayak-gallery',
    box: 'Клиенты',
    subject: 'Освещение для выставки акварели',
    between: [belova],
    turns: [
      [
        belova,
        '2024-10-14 12:10 +0500',
        'Здравствуйте, Зофия!\n\nМы готовим выставку акварели и слышали о вашей работе в музее порта. Нужен проект освещения для трёх залов и смета до конца ноября. Чертежи во вложении.\n\nЕсть ли у вас время в этом году?',
        { charset: 'koi8-r', files: [plan] },
      ],
      [
        zofia,
        '2024-10-14 10:45 +0200',
        'Dear Ms Belova,\n\nwith pleasure. Three rooms are possible this year if we may begin with the drawings now. What are the limits for the watercolours?',
      ],
      [
        belova,
        '2024-10-16 09:25 +0500',
        'Спасибо за быстрый ответ. Не больше пятидесяти люкс, свет только тёплый. Договор и счёт, пожалуйста, на имя галереи "Маяк".',
        { charset: 'koi8-r', transfer: '8bit' },
      ],
      [
        belova,
        '2024-12-19 15:30 +0500',
        'Выставка открыта! Спасибо всей мастерской «Латарня». Приезжайте посмотреть, пока снег.',
        { files: [card('Irina Belova', 'irina@mayak.example', 'Mayak gallery')], html: true, flags: ['\\Seen', '\\Flagged'] },
      ],
    ],
  },
]
