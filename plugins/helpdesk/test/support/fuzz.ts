import { mail, multipart, pixel, tnef } from './mails.js';
import { corpus } from './xss.js';

/** Mulberry32: the same mails each time for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const charsets = ['utf-8', 'windows-1252', 'iso-2022-jp', 'utf-7', 'x-unknown', 'utf-16', '"', 'gb18030', ''];
const encodings = ['7bit', 'base64', 'quoted-printable', 'x-uuencode', '8bit', 'BASE64 ', '=?utf-8?q?base64?='];
const oddHeaders = [
  'Subject: =?utf-8?B?////?= =?x?q?=FF?=',
  'From: ',
  'From: @',
  'From: "a" <b@c.example>, d@e.example; (((',
  'Message-ID: <>',
  'Message-ID: no brackets',
  'References: <<<<>>>> <a@b> <',
  'In-Reply-To: <taaaa.bbbb@portal.example>',
  'Content-Type: multipart/mixed',
  'Content-Type: text/html; charset',
  'Content-Type: multipart/mixed; boundary=""',
  'Auto-Submitted: ((((((',
  'Return-Path: <>',
  'To: helpdesk+t@portal.example, helpdesk+s@@portal.example',
  "Content-Disposition: attachment; filename*0*=x''%; filename*9*=",
  ': leeg',
  'Zonder dubbele punt',
];

/** Broken, odd and hostile mails: every second one is also damaged by its bytes. `known`: earlier ones, some of which come again. */
export function* fuzzedMails(count: number, seed = 42): Generator<Buffer> {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const known: Buffer[] = [];
  for (let n = 0; n < count; n++) {
    if (known.length > 0 && below(20) === 0) {
      yield one(known);
      continue;
    }
    let made = Buffer.from(base(n), 'latin1');
    if (n % 2 === 1) made = damaged(made);
    known.push(made);
    yield made;
  }

  function base(n: number): string {
    const common = { from: `ouder${below(500)}@ouders.example`, id: `<fuzz${n}.${seed}@ouders.example>`, subject: `Hulp ${n}` };
    const headers = Array.from({ length: below(3) }, () => one(oddHeaders));
    switch (below(9)) {
      case 0:
        return mail({ ...common, headers, text: `regel\r\n`.repeat(below(200)) });
      case 1:
        return mail({
          ...common,
          headers: [...headers, `Content-Transfer-Encoding: ${one(encodings)}`],
          text: '=FF=?\0\x80QUJD',
        });
      case 2:
        return multipart('alternative', [[[`Content-Type: text/html; charset=${one(charsets)}`], one(corpus)]], {
          ...common,
          headers,
        });
      case 3:
        return multipart(
          'mixed',
          Array.from(
            { length: below(12) },
            () =>
              [
                [
                  `Content-Type: ${one(['text/plain', 'image/png', 'message/rfc822', 'x/y', ''])}`,
                  `Content-Transfer-Encoding: ${one(encodings)}`,
                ],
                pixel,
              ] as [string[], string],
          ),
          { ...common, headers },
        );
      case 4:
        return mail({
          ...common,
          headers: [`Content-Type: application/ms-tnef; name=winmail.dat`, ...headers],
          text: tnef('a', 'b', 'c').toString('latin1'),
        });
      case 5: {
        const deep = Array.from(
          { length: below(300) },
          (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
        ).join('');
        return `From: ${common.from}\r\nMessage-ID: ${common.id}\r\n${deep}\r\nDag`;
      }
      case 6:
        return mail({ ...common, headers: [`X-Lang: ${'x'.repeat(below(20_000))}`, ...headers] });
      case 7:
        return multipart(
          'report; report-type=delivery-status',
          [[['Content-Type: message/delivery-status'], 'Action: failed\r\nStatus: 5.1.1']],
          { ...common, from: one(['MAILER-DAEMON@x.example', common.from]), headers },
        );
      default:
        return Array.from({ length: below(2_000) }, () => String.fromCharCode(below(256))).join('');
    }
  }

  function damaged(mailBytes: Buffer): Buffer {
    const bytes = Buffer.from(mailBytes);
    for (let n = below(12); n > 0 && bytes.length > 0; n--) bytes[below(bytes.length)] = below(256);
    return below(3) === 0 ? bytes.subarray(0, below(bytes.length + 1)) : bytes;
  }
}
