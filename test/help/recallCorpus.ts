/**
 * A labelled corpus: messages in several languages, and below each the queries that must find it. What a query must find is the set of all
 * messages that name it, no more and no less. A line of a message: key | from | to | date | subject | text | files; of queries: ? one ; other ; …
 */

export interface CorpusMessage {
  key: string
  from: string
  to: string
  date: string
  subject: string
  text: string
  files: string[]
  queries: string[]
}

export function corpusOf(source: string): CorpusMessage[] {
  const messages: CorpusMessage[] = []
  for (const line of source.split('\n').filter(one => one.trim() !== '')) {
    if (line.startsWith('?')) {
      messages.at(-1)!.queries.push(
        ...line
          .slice(1)
          .split(' ; ')
          .map(query => query.trim()),
      )
      continue
    }
    const [key = '', from = '', to = '', date = '', subject = '', text = '', files = ''] = line.split(' | ').map(field => field.trim())
    messages.push({ key, from, to, date, subject, text, files: files.split(',').filter(Boolean), queries: [] })
  }
  return messages
}

export const languages = {
  Polish: `
pl1 | Anna Wiśniewska <anna@mlyn.example> | Łukasz Żak <lukasz@mlyn.example> | 2021-03-04 | Umowa najmu młyna | Przesyłam umowę najmu. Proszę o podpis do piątku, właściciel źle znosi zwłokę. | umowa-młyn.pdf
? najmu ; NAJMU młyna ; mlyna ; "umowę najmu" ; "umowe najmu" ; źle zwłokę ; zle zwloke ; wlasciciel ; filename:mlyn ; od:wiśniewska najmu ; plik:umowa
pl2 | Łukasz Żak <lukasz@mlyn.example> | Anna Wiśniewska <anna@mlyn.example> | 2021-03-05 | Odp: kosztorys | Jaźń gęślą, kosztorys wyszedł drożej: 12 400 zł za turbinę wodną. |
? kosztorys ; turbinę ; turbine wodna* ; jazn gesla ; JAŹŃ ; drozej ; from:lukasz ; od:żak ; from:zak turbin*
pl3 | Grażyna Ćwiklińska <grazyna@archiwum.example> | zespol@archiwum.example | 2019-11-20 | Przeprowadzka archiwum do Łodzi | Skrzynie z mikrofilmami jadą w środę. Ćma zjadła płótno na okładkach. | lista skrzyń.xlsx,plan.png
? lodzi ; Łodzi ; ŁODZI ; mikrofilm* ; płótno ; plotno ; ćma ; cma okladkach ; has:image przeprowadzka ; typ:arkusz skrzyn* ; grazyna ; temat:archiwum ; Ćwiklińska ; cwiklinska ; type:png
pl4 | Biuro Rachunkowe Świerk <biuro@swierk.example> | Anna Wiśniewska <anna@mlyn.example> | 2020-02-10 | Faktura 77/2020 | W załączeniu faktura. Termin płatności: 24.02.2020. Numer konta bez zmian. | FV-77-2020.pdf
? faktura ; 77/2020 ; "termin płatności" ; "termin platnosci" ; swierk ; Świerk ; FV-77 ; zalaczeniu ; from:biuro@swierk.example ; before:2020-02-11 after:2020-02-10 ; konta zmian
pl5 | Zbigniew Głąb <zbigniew@kolej.example> | Łukasz Żak <lukasz@mlyn.example> | 2022-07-15 | Rozkład jazdy na jesień | Pociąg do Białegostoku odjeżdża o 6:42. Przesiadka w Małkini, peron drugi. |
? bialegostoku ; Białegostoku ; malkini peron ; glab ; GŁĄB ; odjezdza ; jesien ; "rozklad jazdy" ; pociag ; on:2022-07 ; peron -faktura
pl6 | Halina Ostrowska <halina@dom.example> | Zbigniew Głąb <zbigniew@kolej.example> | 2023-12-24 | Życzenia świąteczne | Wesołych świąt i szczęśliwego Nowego Roku! Uściski dla całej rodziny. |
? zyczenia ; życzenia ; wesolych swiat ; szczesliwego ; usciski ; halina ; "nowego roku" ; świąteczne OR wielkanoc ; do:głąb ; glab ; GŁĄB
pl7 | Redakcja Gazety Ogrodniczej <redakcja@ogrod.example> | czytelnicy@ogrod.example | 2018-04-02 | Nasiona i ślimaki | Ślimaki lubią sałatę; popiół je odstrasza. Numer specjalny o żółtych pomidorach. |
? slimaki ; ślimak* ; salate popiol ; zoltych pomidorach ; żółtych ; gazety ; "numer specjalny" ; ogrodniczej nasiona ; czytelnicy
pl8 | Michał Wójcik <michal@stocznia.example> | Halina Ostrowska <halina@dom.example> | 2017-09-30 | Zdjęcia z rejsu | Bałtyk był spokojny. Galeria: https://stocznia.example/rejs | jacht.jpg,załoga.jpg
? baltyk ; Bałtyk ; rejsu ; wojcik ; Wójcik zdjecia ; filename:zaloga ; has:link rejsu ; ma:załącznik jacht ; typ:obraz baltyk ; michal* ; halina
`,
  German: `
de1 | Jürgen Müller <j.mueller@werft.example> | Sabine Groß <sabine@werft.example> | 2020-05-11 | Angebot für die Großbaustelle | Die Maße stimmen nicht. Bitte schließen Sie die Straße ab Montag. | Maßblatt.pdf
? großbaustelle ; grossbaustelle ; GROSSBAUSTELLE ; Maße ; masse schliessen ; strasse ; Straße Montag ; müller ; muller angebot ; mueller ; von:müller ; from:mueller ; datei:massblatt ; filename:Maßblatt
de2 | Sabine Groß <sabine@werft.example> | Jürgen Müller <j.mueller@werft.example> | 2020-05-12 | AW: Rechnungsprüfung | Die Überweisung über 1.250,50 Euro ist geprüft. Gruß aus Köln |
? uberweisung ; Überweisung ; ueberweisung ; geprüft ; gepruft ; koln ; Köln ; rechnungsprufung ; 1.250,50 ; von:groß ; from:gross gruss ; an:mueller ; müller ; mueller
de3 | Käthe Bäcker <kaethe@muehle.example> | verteiler@muehle.example | 2016-10-01 | Öffnungszeiten im Herbst | Ab Oktober öffnen wir früher; frische Brötchen gibt es um sechs. Äpfel sind ausverkauft. |
? offnungszeiten ; Öffnungszeiten ; oeffnungszeiten ; brotchen ; BRÖTCHEN ; äpfel ; apfel ausverkauft ; baecker ; bäcker ; kathe ; on:2016-10-01 ; verteiler
de4 | Øystein Sørensen <oystein@fjord.example> | Käthe Bäcker <kaethe@muehle.example> | 2019-06-21 | Mittsommer auf Ærø | Wir mieten das Boot von Đorđe. Der Fährplan liegt bei. | fährplan.ods
? sorensen ; Sørensen ; soerensen ; ærø ; aero ; Đorđe ; dorde ; faehrplan ; fahrplan ; fährplan ; from:soerensen ; mittsommer ; type:ods ; typ:tabelle boot ; baecker ; bäcker ; kathe
de5 | Handwerkskammer Lübeck <info@hwk.example> | Sabine Groß <sabine@werft.example> | 2021-08-30 | Prüfungstermin für Bootsbauer | Ihr Termin: 14. September, Raum 3. Bitte Ausweis mitbringen. | Einladung.pdf
? lubeck ; Lübeck ; luebeck ; prufungstermin ; bootsbauer ; "raum 3" ; ausweis ; hwk.example ; info@hwk.example ; "14. september" ; betreff:prüfungstermin
de6 | Jürgen Müller <j.mueller@werft.example> | Øystein Sørensen <oystein@fjord.example> | 2022-01-17 | Verzögerung der Lieferung | Der Zoll hält die Schrauben fest, Nummer SX-2210-B. Wir hoffen auf Donnerstag. |
? verzogerung ; Verzögerung ; zoll schrauben ; SX-2210-B ; sx-2210 ; 2210-B ; donnerstag ; lieferung -angebot ; hält ; halt fest ; schraub* ; müller ; mueller ; von:müller ; from:mueller ; sorensen ; Sørensen ; soerensen
de7 | Naïma Lefèvre <naima@cafe.example> | Sabine Groß <sabine@werft.example> | 2018-02-14 | Café-Gutschein & Menü | Crème brûlée, Soufflé und ein Platz am Fenster. Der Gutschein gilt bis März. |
? cafe gutschein ; Café ; creme brulee ; crème ; souffle ; naima ; Lefèvre ; lefevre fenster ; menu ; "creme brulee" ; after:2018-02-14 before:2018-02-15
`,
  English: `
en1 | Eleanor Marsh <eleanor@lighthouse.example> | Tom Ferris <tom@lighthouse.example> | 2022-11-03 | Lease for the boathouse | Please sign the lease before Friday; the landlord won't wait. Deposit is 900 pounds. | lease-2022.docx
? boathouse ; "sign the lease" ; landlord ; LANDLORD ; boat* ; deposit pounds ; filename:lease ; type:docx ; from:eleanor lease ; subject:boathouse ; to:tom boathouse ; won't
en2 | Tom Ferris <tom@lighthouse.example> | Eleanor Marsh <eleanor@lighthouse.example> | 2022-11-04 | Re: lantern order LN-88/4 | The naïve estimate was wrong: four lanterns, not three. Invoice follows. |
? LN-88/4 ; ln-88 ; naive estimate ; naïve ; four lanterns ; "not three" ; lantern* ; invoice follows ; from:tom@lighthouse.example ; tom@lighthouse.example estimate ; lanterns -boathouse
en3 | Harbour Council <council@harbour.example> | residents@harbour.example | 2015-06-18 | Dredging schedule | Dredging starts at low tide. Vessels must leave berths 4–9. See https://harbour.example/dredging | schedule.ics
? dredging ; "low tide" ; berths ; vessels ; council ; residents@harbour.example ; type:ics ; type:calendar ; has:link dredging ; on:2015 ; "berths 4" ; harbour.example ; before:2016-04
en4 | Priya Raman <priya@weather.example> | Eleanor Marsh <eleanor@lighthouse.example> | 2023-03-09 | Gale warning, force 9 | Gusts of 50 knots expected overnight. Secure the dinghy! |
? gale ; "force 9" ; knots dinghy ; dinghy ; gusts OR tsunami ; priya ; (gale OR hail) overnight ; warning ; on:2023-03-09 ; with:priya
en5 | Museum Shop <shop@museum.example> | Tom Ferris <tom@lighthouse.example> | 2019-12-01 | Your order has shipped | One model schooner, two postcards. Tracking code 1Z999AA10123456784. |
? schooner ; postcards ; 1Z999AA10123456784 ; 1z999* ; shipped ; "model schooner" ; from:shop ; tracking code ; museum shop ; schooner NOT boathouse
en6 | Eleanor Marsh <eleanor@lighthouse.example> | Priya Raman <priya@weather.example> | 2024-02-29 | Leap day supper | Soup at seven. Bring the chess set & your résumé, Zoë wants to read it. |
? leap supper ; resume ; résumé ; zoe ; Zoë chess ; "soup at seven" ; to:priya ; after:2024 ; on:2024-02-29 ; on:29/2/2024 ; subject:(leap OR gale) -force ; priya ; with:priya
en7 | Dennis O'Hara <dennis@ropes.example> | Tom Ferris <tom@lighthouse.example> | 2014-08-08 | Rope samples | Hemp, sisal and nylon, three metres each. Photos attached. | hemp.png,sisal.png
? hemp ; sisal nylon ; o'hara ; "o'hara" ; dennis ; before:2015 ; type:png ; filename:sisal.png ; "three metres" ; rope -schooner ; before:2016-04
`,
  Russian: `
ru1 | Фёдор Ёлкин <fedor@zavod.example> | Мария Соловьёва <maria@zavod.example> | 2021-10-05 | Отчёт за сентябрь | Прилагаю отчёт. Счёт-фактура будет во вторник, ещё не подписана. | отчёт.xlsx
? отчёт ; отчет ; ОТЧЁТ ; елкин ; Ёлкин ; сентябрь ; счет-фактура ; счёт ; еще подписана ; filename:отчет ; фёдор ; от* сентябрь ; соловьева
ru2 | Мария Соловьёва <maria@zavod.example> | Фёдор Ёлкин <fedor@zavod.example> | 2021-10-06 | Совещание в четверг | Жду всех в десять. Возьмите пропуск и чертежи турбины. |
? совещание ; четверг ; чертежи турбины ; чертеж* ; соловьева ; from:соловьёва ; пропуск ; "в десять" ; on:2021-10-06 ; СОВЕЩАНИЕ ; елкин ; Ёлкин ; фёдор
ru3 | Театр «Чайка» <kassa@chaika.example> | Фёдор Ёлкин <fedor@zavod.example> | 2018-05-19 | Билеты на «Три сестры» | Ряд 5, места 12 и 13. Начало в 19:00. Йод и цветы не забудьте. | bilety.pdf
? билеты ; "три сестры" ; чайка ; ЧАЙКА билеты ; "ряд 5" ; йод ; иод ; kassa@chaika.example ; filename:bilety ; 19:00 ; елкин ; Ёлкин ; фёдор
ru4 | Сергей Щукин <sergey@reka.example> | Мария Соловьёва <maria@zavod.example> | 2017-07-22 | Рыбалка на Волге | Щука клюёт на рассвете. Лодка, удочки, котелок — всё готово. |
? рыбалка ; волге ; щука ; Щука клюет ; клюёт ; котелок ; удочк* ; все готово ; всё ; щукин ; сергей -отчёт ; соловьева
ru5 | Банк «Север» <info@sever.example> | Сергей Щукин <sergey@reka.example> | 2020-04-14 | Выписка по счету 40817 | Остаток 15 230,75 руб. Объём операций вырос. |
? выписка ; 40817 ; "15 230,75" ; объем ; объём операций ; банк ; sever.example ; остаток руб ; before:2020-05 after:2020-04 ; выпис* ; щукин ; сергей -отчёт
ru6 | Надежда Юрьевна <nadezhda@shkola.example> | родители@shkola.example | 2022-09-01 | Первое сентября | Линейка в девять утра. Букеты приветствуются, собаки — нет. |
? линейка ; букеты ; "девять утра" ; надежда ; собаки -кошки ; юрьевна ; сентября ; shkola.example ; первое
`,
  Chinese: `
zh1 | 李伟 <liwei@chuanwu.example> | 王芳 <wangfang@chuanwu.example> | 2021-06-08 | 关于合同续签的通知 | 附件是续签合同，请在周五前盖章寄回。租金不变。 | 续签合同.pdf
? 合同 ; 续签 ; 续签合同 ; 盖章 ; 租金 ; 周五 ; 发件人:李伟 ; 主题:合同 ; 文件名:续签 ; 通知 ; "续签合同" ; 签合
zh2 | 王芳 <wangfang@chuanwu.example> | 李伟 <liwei@chuanwu.example> | 2021-06-09 | 发票与付款 | 请开增值税发票，金额三千二百元。付款日期为下月十五日。 |
? 发票 ; 付款 ; 增值税 ; 三千二百元 ; 值税 ; 金额 日期 ; 发件人:王芳 ; from:wangfang ; 十五日 ; 收件人:李伟
zh3 | 气象台 <qixiang@tianqi.example> | 市民@tianqi.example | 2019-08-10 | 台风预警 | 台风将于今晚登陆，请关好门窗，避免外出。详情 https://tianqi.example/tf |
? 台风 ; 预警 ; 登陆 ; 门窗 ; 今晚 ; 台风 避免 ; 气象台 ; 气象 ; has:link 台风 ; "台风预警" ; on:2019年8月10日
zh4 | 陈静 <chenjing@shuyuan.example> | 李伟 <liwei@chuanwu.example> | 2023-01-21 | 春节聚会 | 除夕晚上在外婆家吃饺子，记得带红包和茶叶。 | 菜单.docx
? 春节 ; 聚会 ; 饺子 ; 红包 茶叶 ; 外婆 ; 除夕 ; 菜单 ; type:docx 春节 ; 陈静 ; 类型:文档 饺子 ; 晚上在 ; type:docx ; 收件人:李伟
zh5 | 王芳 <wangfang@chuanwu.example> | 陈静 <chenjing@shuyuan.example> | 2022-03-15 | 灯塔项目第二阶段 | 灯塔的图纸已更新，编号ＡＢ１２－７。请核对混凝土用量。 | 图纸v2.dwg
? 灯塔 ; 图纸 ; AB12-7 ; ab12 ; 混凝土 ; 项目 ; 第二阶段 ; 核对 ; filename:图纸 ; type:dwg ; 凝土 ; 发件人:王芳 ; from:wangfang ; 陈静
zh6 | 图书馆 <tushu@guan.example> | 陈静 <chenjing@shuyuan.example> | 2018-10-30 | 图书到期提醒 | 您借阅的《海底两万里》将于十一月三日到期，可续借一次。 |
? 到期 ; 海底两万里 ; 两万里 ; 续借 ; 图书馆 ; 图书 ; 借阅 提醒 ; 十一月 ; 海底 -灯塔 ; before:2019 海底 ; 陈静
`,
  Japanese: `
ja1 | 田中健一 <tanaka@minato.example> | 佐藤美咲 <sato@minato.example> | 2020-09-14 | 会議の資料について | 明日の会議の資料を送ります。データはサーバーにもあります。 | 資料.pptx
? 会議 ; 資料 ; 会議の資料 ; データ ; ﾃﾞｰﾀ ; サーバー ; 明日 ; 田中 ; from:田中健一 ; filename:資料 ; type:pptx ; 送ります ; 佐藤
ja2 | 佐藤美咲 <sato@minato.example> | 田中健一 <tanaka@minato.example> | 2020-09-15 | 請求書の件 | 請求書を確認しました。振込はガイドの通りに来週行います。 | 請求書.pdf
? 請求書 ; 請求 ; 振込 ; ガイド ; ｶﾞｲﾄﾞ ; 来週 ; 確認しました ; 佐藤 ; 確認 振込 ; 求書 ; filename:請求書 ; 田中
ja3 | 港図書館 <tosho@minato.example> | 佐藤美咲 <sato@minato.example> | 2017-04-03 | 返却のお願い | 「吾輩は猫である」の返却期限が過ぎています。お早めにどうぞ。 |
? 返却 ; 吾輩 ; 猫である ; 期限 ; お願い ; 図書館 返却 ; "吾輩は猫" ; 港図書館 ; on:2017-04 ; 早めに ; 佐藤
ja4 | 鈴木一郎 <suzuki@yama.example> | 田中健一 <tanaka@minato.example> | 2018-08-11 | 富士山の写真 | 山頂で撮った写真です。ラーメンがおいしかった！ | fuji.jpg
? 富士山 ; 富士 ; 写真 ; 山頂 ; ラーメン ; らーめん OR ラーメン ; 鈴木 ; filename:fuji ; type:jpg 富士山 ; おいしかった ; 田中
ja5 | 鈴木一郎 <suzuki@yama.example> | 佐藤美咲 <sato@minato.example> | 2019-01-01 | 新年のご挨拶 | あけましておめでとうございます。今年もよろしくお願いします。 |
? 新年 ; 挨拶 ; おめでとう ; 今年 ; よろしく ; お願いします ; ございます ; on:2019-01-01 ; to:佐藤 新年 ; 佐藤 ; お願い ; 鈴木
ja6 | 東京ガス窓口 <gas@mado.example> | 鈴木一郎 <suzuki@yama.example> | 2016-03-22 | 検針のお知らせ | 使用量は１２立方メートル、料金は3,400円です。 |
? 検針 ; 使用量 ; 12立方 ; １２立方メートル ; ﾒｰﾄﾙ ; 料金 ; 3,400円 ; ガス ; 東京 ; お知らせ ; before:2016-04 ; 鈴木
`,
  'Korean and Thai': `
ko1 | 김민수 <minsu@badang.example> | 이서연 <seoyeon@badang.example> | 2021-02-02 | 회의 일정 변경 | 회의가 목요일 오후로 변경되었습니다. 계약서 초안을 가져오세요. | 계약서.hwp
? 회의 ; 일정 ; 계약서 ; 계약 ; 목요일 ; 변경되었습니다 ; 김민수 ; 민수 ; 초안 ; filename:계약서
ko2 | 이서연 <seoyeon@badang.example> | 김민수 <minsu@badang.example> | 2021-02-03 | 등대 사진 | 부산 등대에서 찍은 사진입니다. |
? 등대 ; 부산 ; 사진 ; 이서연 부산 ; 서연 등대 ; 찍은 ; 김민수 ; 민수
th1 | สมชาย <somchai@talay.example> | มาลี <malee@talay.example> | 2022-05-05 | สัญญาเช่าเรือ | กรุณาลงนามในสัญญาก่อนวันศุกร์ ค่าเช่าเท่าเดิม |
? สัญญา ; เช่า ; เรือ ; วันศุกร์ ; ลงนาม ; สมชาย ; ค่าเช่า
`,
} as const
