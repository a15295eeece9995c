/** The large project: light for a gallery of The Harbour Museum, from the first call to the opening. English and Polish. */
import { card, contract, contractDraft, luxTable, meetingInvite, photo, plan } from '../attachments.ts'
import { basia, finch, pryce, rodzik, tomasz, zofia } from '../people.ts'
import type { Story } from '../story.ts'

const BOX = 'Projekty/Muzeum Portowe'

export const museum: Story[] = [
  {
    id: 'museum-call',
    box: BOX,
    subject: 'Lighting for "Paper Ships", Gallery 2',
    between: [finch],
    turns: [
      [
        finch,
        '2023-09-04 10:12 +0100',
        'Dear Zofia,\n\nA colleague at the theatre in Gdańsk gave me your name. Next year we open "Paper Ships", an exhibition of two hundred ship plans and sailors\' letters, most of them on paper that has not seen daylight since 1911. We are looking for somebody who can light them so that visitors see everything and the paper notices nothing.\n\nWould you have time for a call this week or next? I attach my card.',
        { files: [card('Eleanor Finch', 'eleanor.finch@harbourmuseum.example', 'The Harbour Museum')], flags: ['\\Seen', '\\Answered', '\\Flagged'] },
      ],
      [
        zofia,
        '2023-09-04 14:40 +0200',
        'Dear Eleanor,\n\nThat is a lovely project, and a difficult one, which is the kind we like. Thursday at eleven your time would suit me.\n\nTwo things help before we talk: the limits your conservator has in mind (lux and hours a year), and a drawing of the gallery, however rough.',
        { quote: true },
      ],
      [
        finch,
        '2023-09-05 09:03 +0100',
        'Thursday at eleven it is. Owen Pryce, our conservator, will join; he says fifty lux and not one more. The drawings are attached. Gallery 2 is the long one with the skylight that nobody has managed to close since 1987.',
        { files: [plan], cc: [pryce] },
      ],
      [
        zofia,
        '2023-09-07 16:25 +0200',
        'Thank you both for the call. As promised, what I took away from it:\n\n1. Fifty lux at the object, 3000 K or warmer, no ultraviolet to speak of.\n2. The skylight gets a blind that we specify and you order.\n3. A test hang in one bay before anybody signs for the other eleven.\n\nI will send an offer by the end of next week.',
      ],
    ],
  },
  {
    id: 'museum-offer',
    box: BOX,
    subject: 'Offer: Gallery 2, twelve bays',
    between: [finch],
    turns: [
      [
        zofia,
        '2023-09-15 17:55 +0200',
        'Dear Eleanor,\n\nHere is our offer for the twelve bays: 96 track spotlights, dimming, installation over nine working days, and a light log for the first year. The price holds until the end of October.\n\nThe test hang in bay 4 is included whether or not you go on with us.',
        { html: true, files: [plan] },
      ],
      [
        finch,
        '2023-09-21 11:30 +0100',
        'Zofia, the trustees met yesterday and said yes, with one condition: the budget may not pass the figure in your offer, not even for the blind. Can you live with a fixed price?',
        { quote: true },
      ],
      [
        zofia,
        '2023-09-21 13:02 +0200',
        'We can, if the drawings you sent are right to within five centimetres. Could somebody measure bay 7 again? It looks too good to be true.',
      ],
      [
        finch,
        '2023-09-22 08:47 +0100',
        'Measured by Owen and a tape measure from the gift shop: bay 7 is 31 cm shorter than drawn. A radiator. I had forgotten the radiator.\n\nNew drawings attached, with radiator.',
        { files: [plan, photo] },
      ],
    ],
  },
  {
    id: 'museum-contract',
    box: BOX,
    subject: 'Contract for Gallery 2',
    between: [finch, rodzik],
    turns: [
      [
        finch,
        '2023-10-02 15:20 +0100',
        'Dear both,\n\nOur solicitors have turned the offer into a contract of fourteen pages. I am told that is short. Please read clause 9, the penalty for late opening, with particular attention.',
        { files: [contract], flags: ['\\Seen', '\\Answered', '$Important'] },
      ],
      [
        rodzik,
        '2023-10-04 09:15 +0200',
        'Pani Zofio,\n\numowa jest w porządku, poza punktem 9. Kara umowna liczy się od wartości całego kontraktu, a nie od opóźnionej części; proponuję dopisać górną granicę dziesięciu procent. Moje uwagi w załączniku.\n\nProszę nie podpisywać przed rozmową.',
        {
          files: [contractDraft],
          to: [zofia],
          subject: 'Odp: Contract for Gallery 2',
          charset: 'iso-8859-2',
          html: true,
          headers: [['X-Priority', '1']],
        },
      ],
      [
        zofia,
        '2023-10-04 12:31 +0200',
        'Dear Eleanor,\n\nwe are happy with everything but clause 9. Could the penalty be counted on the part that is late, and stop at ten per cent? Everything else we will sign as it stands.',
        { to: [finch] },
      ],
      [
        finch,
        '2023-10-09 16:44 +0100',
        'Agreed on both counts, version 3 attached and already signed on our side. Owen insisted on signing the schedule of lux limits himself, in pencil.',
        { files: [contract], flags: ['\\Seen', '\\Answered', '\\Flagged', '$Important'], alsoIn: 'INBOX' },
      ],
      [
        zofia,
        '2023-10-10 08:58 +0200',
        'Signed, and on its way by courier as well. Thank you! We begin with bay 4 in the second week of November.',
        { files: [contract], to: [finch] },
      ],
    ],
  },
  {
    id: 'museum-testhang',
    box: BOX,
    subject: 'Test hang in bay 4',
    between: [finch, pryce, tomasz],
    turns: [
      [
        tomasz,
        '2023-11-14 19:22 +0100',
        'We have light in bay 4. 47 to 52 lux over the whole sheet, and no shadow from the frame. Picture attached. The guard asked whether we could leave it on.',
        { files: [photo, luxTable] },
      ],
      [
        pryce,
        '2023-11-15 08:05 +0000',
        'Very good indeed. I measured again this morning with my own meter: 49, 51, 50, 48. There is a spot of 58 at the lower left, where the letter about the parrot hangs. Could the parrot be darker?',
        { flags: ['\\Seen', '\\Answered', '$Label1'] },
      ],
      [zofia, '2023-11-15 10:11 +0100', 'The parrot shall be darker. Tomek tilts the head by two degrees this afternoon.', { quote: true }],
      [
        finch,
        '2023-11-15 17:30 +0000',
        'The trustees came by, looked at the parrot for ten minutes and asked when the other eleven bays will be ready. I take that as approval.',
        { html: true },
      ],
    ],
  },
  {
    id: 'museum-blind',
    box: BOX,
    subject: 'The skylight blind',
    between: [finch],
    turns: [
      [
        finch,
        '2024-01-11 09:41 +0000',
        'Bad news about the blind: the maker wants fourteen weeks. We open in ten. Any ideas that do not involve paint?',
      ],
      [
        zofia,
        '2024-01-11 12:05 +0100',
        'One: a diffusing membrane on a light frame, under the glass, made by the people who make sails here in the harbour. Two weeks, and it folds. I have asked them for a price, and for a sample you can put your hand behind.',
      ],
      [
        finch,
        '2024-01-12 10:26 +0000',
        'A sail under the skylight of an exhibition about ships. I could not have asked for a better mistake. Please order it.',
        { flags: ['\\Seen', '\\Flagged'] },
      ],
    ],
  },
  {
    id: 'museum-meeting',
    box: 'INBOX',
    subject: 'Invitation: site meeting, Gallery 2',
    between: [finch, pryce],
    turns: [
      [
        finch,
        '2024-02-06 11:00 +0000',
        'Site meeting on Tuesday 13 February, 10:00, meet at the goods entrance. Please bring shoes that may get dusty.',
        { files: [meetingInvite('site-2024-02-13', '20240213T100000Z', '20240213T120000Z', 'Site meeting, Gallery 2')] },
      ],
      [zofia, '2024-02-06 12:45 +0100', 'I will be there, with Tomek and dusty shoes.'],
    ],
  },
  {
    id: 'museum-opening',
    box: BOX,
    subject: 'Opening night',
    between: [finch, pryce, tomasz, basia],
    turns: [
      [
        finch,
        '2024-03-22 23:48 +0000',
        'Four hundred people, and the letters looked as if they had been written yesterday. A visitor asked me where the lamps were. I believe that is the highest praise there is for what you do.\n\nThank you, all of you. The invoice may come now.',
        { files: [photo], flags: ['\\Seen', '\\Answered', '\\Flagged'], html: true },
      ],
      [
        zofia,
        '2024-03-23 09:30 +0100',
        'We read your letter aloud at breakfast. Thank you, Eleanor. The light log of the first week is attached; the parrot stands at 46.',
        { files: [luxTable] },
      ],
      [pryce, '2024-03-25 08:15 +0000', 'Forty-six! The parrot and I are content.'],
    ],
  },
  {
    id: 'museum-second',
    box: 'INBOX',
    subject: 'Gallery 5, perhaps?',
    between: [finch],
    turns: [
      [
        finch,
        '2025-09-29 10:05 +0100',
        'Dear Zofia,\n\nthe trustees have found money for Gallery 5: lighthouses, which I dare say you know something about. Thirty lamps, two of them from the eighteenth century, that should look as if they were burning, without burning.\n\nMay I send the drawings?',
        { flags: ['\\Flagged'] },
      ],
      [zofia, '2025-09-29 13:20 +0200', 'Please do, all of them. And measure the radiators.', { quote: true }],
      [
        finch,
        '2025-10-01 09:12 +0100',
        'Measured. There are two, and both are on the drawings this time. The contract of Gallery 2 would do again, if you agree; I attach it for comfort.',
        { files: [contract, plan], flags: [] },
      ],
    ],
  },
]
