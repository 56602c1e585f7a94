import { createHmac, randomUUID } from 'node:crypto';
import { isStorable } from '@ilearn/core';
import { afterAll, describe, expect, test } from 'vitest';
import { isOwn, isRobot } from '../dist/mail/addresses.js';
import { authenticationOf, cappedReferences, isAutomatic, referencesOf } from '../dist/mail/headers.js';
import { identityOf } from '../dist/mail/inbound/raw-mail.js';
import { messageOf } from '../dist/mail/outbound/message.js';
import { limits } from '../dist/mail/parsing/limits.js';
import { endParsing, parseMail } from '../dist/mail/parsing/parse-mail.js';
import type { ParsedMail } from '../dist/mail/parsing/parsed.js';
import { stretchesOf } from '../dist/mail/quotes.js';
import { decide } from '../dist/mail/threading.js';
import { MailTokens, mailIn, replyAddress, tokenIn, tokenInAddress } from '../dist/mail/tokens.js';
import { fuzzedMails } from './support/fuzz.js';
import { lines, mail, multipart, pixel, tnef } from './support/mails.js';

/** `ILEARN_FUZZ_MAILS=10000` is the long mode. */
const fuzzed = Number(process.env['ILEARN_FUZZ_MAILS'] ?? 120);

/** In megabytes, by a thread that reads mails of any number. */
const mostGrowth = 400;
const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

afterAll(() => endParsing());

const tokens = (secret = 'a') =>
  new MailTokens({
    secrets: { key: async (purpose: string) => createHmac('sha256', secret).update(purpose).digest() } as never,
  });
const read = async (raw: string | Buffer): Promise<ParsedMail> => {
  const parsing = await parseMail(Buffer.isBuffer(raw) ? raw : Buffer.from(raw, 'latin1'));
  if (!('mail' in parsing)) throw new Error(parsing.quarantined);
  return parsing.mail;
};
const id = (n: number) => `<${n}@school.example>`;

describe('headers', () => {
  test('H4: only Auto-Submitted: no is a person; names and values are not case-sensitive', () => {
    const automatic = (name: string, value: string) => isAutomatic([[name, value]]);
    expect(automatic('auto-submitted', 'no')).toBe(false);
    expect(automatic('auto-submitted', 'No (a person)')).toBe(false);
    for (const value of [
      'auto-replied',
      'auto-generated',
      'auto-notified',
      'AUTO-NOTIFIED; owner-email=x',
      'auto-replied (vacation)',
    ])
      expect(automatic('auto-submitted', value), value).toBe(true);
    for (const value of ['BULK', 'list', 'Junk', 'auto_reply']) expect(automatic('precedence', value), value).toBe(true);
    expect(automatic('precedence', 'normal')).toBe(false);
    expect(automatic('return-path', '<>')).toBe(true);
    expect(automatic('return-path', '<an@ouders.example>')).toBe(false);
    expect(automatic('list-id', '<ouders.school.example>')).toBe(true);
  });

  test('H11: only the results of the configured server are believed, for the domain of the sender', () => {
    const of = (values: string[], from = 'an@school.example') =>
      authenticationOf(
        values.map((value) => ['authentication-results', value]),
        'mx.portal.example',
        from,
      );
    const pass = 'mx.portal.example; spf=pass; dmarc=pass (p=reject) header.from=school.example';
    expect(of([pass])).toBe('pass');
    expect(of(['mx.portal.example 1; dmarc=fail header.from=school.example'])).toBe('fail');
    // Written by the sender, below that of the server, or by another server.
    expect(of(['evil.example; dmarc=pass header.from=school.example'])).toBe('none');
    expect(of(['mx.portal.example; dmarc=fail header.from=school.example', pass])).toBe('fail');
    expect(of([pass], 'an@elders.example')).toBe('none');
    expect(of(['mx.portal.example; dmarc=pass'])).toBe('none');
    expect(of(['mx.portal.example (dmarc=pass header.from=school.example); dmarc=none'])).toBe('none');
    expect(authenticationOf([['authentication-results', pass]], '', 'an@school.example')).toBe('none');
  });

  test('H9: References are read from the nearest, and written capped with the newest kept', () => {
    expect(
      referencesOf([
        ['references', `${id(1)} ${id(2)}`],
        ['in-reply-to', id(3)],
      ]),
    ).toEqual([id(3), id(2), id(1)]);
    const many = Array.from({ length: 5_000 }, (_, n) => id(n));
    const capped = cappedReferences(many);
    expect(capped.length).toBeLessThanOrEqual(30_000);
    expect(capped.endsWith(`${id(4_998)} ${id(4_999)}`)).toBe(true);
  });

  test('a mail is known by its Message-ID, or by all of it where that is missing or odd', () => {
    const of = (raw: string) => identityOf(Buffer.from(raw), Buffer.from(raw));
    expect(of('message-id:\r\n <a@b.example>\r\n\r\nDag')).toBe('<a@b.example>');
    expect(of('Subject: x\r\n\r\nMessage-ID: <body@b.example>')).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(of('Message-ID: no brackets\r\n\r\n')).toMatch(/^sha256:/);
  });

  test('H2: own addresses are known in every case and with a token; robots by their names', async () => {
    expect(isOwn('HelpDesk+taaaa@portal.example', ['helpdesk@portal.example'])).toBe(true);
    expect(isOwn('an@portal.example', ['helpdesk@portal.example'])).toBe(false);
    for (const robot of ['no-reply@x.be', 'NoReply@x.be', 'MAILER-DAEMON@x.be', 'list-bounces@x.be'])
      expect(isRobot(robot), robot).toBe(true);
    expect(isRobot('noor.reply@x.be')).toBe(false);
  });
});

describe('threads', () => {
  test('H8: a token is ours only if this portal signed it, whatever a mail server does to its case', async () => {
    const thread = { kind: 'ticket', id: randomUUID() } as const;
    const token = await tokens().sign(thread);
    const address = replyAddress('helpdesk@portal.example', token);
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
    expect(await tokens().verify(tokenInAddress(address.toUpperCase()) as string)).toEqual(thread);
    expect(await tokens('another portal').verify(token)).toBeNull();
    expect(await tokens().verify(`s${token.slice(1)}`)).toBeNull();
    expect(await tokens().verify(token.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))).toBeNull();
    const sent = randomUUID();
    const { messageId } = messageOf({
      ...{ id: sent, token, mailbox: 'helpdesk@portal.example', name: 'Helpdesk', number: 1_042, subject: 'Re: Hulp [#1042]' },
      ...{ text: 'Dag', footer: 'Waarom', automatic: false, thread: [], attachments: [] },
    });
    expect([tokenIn(messageId), mailIn(messageId)]).toEqual([token, sent]);
    expect(tokenIn('<12345.abc@freescout.example>')).toBeNull();
  });

  test('H11: a number alone adds nothing unless the sender is proven and takes part', () => {
    const at = (takesPart: boolean) => ({ ticketId: 'x', takesPart });
    const none = { signed: null, earlier: null, numbered: null };
    const of = (authentication: 'pass' | 'none' | 'fail', facts: object) => decide({ authentication, ...none, ...facts });
    expect(of('none', {})).toEqual({ to: 'ticket' });
    expect(of('none', { signed: at(true) })).toEqual({ to: 'reply', ticketId: 'x' });
    expect(of('none', { earlier: at(true) })).toEqual({ to: 'reply', ticketId: 'x' });
    expect(of('pass', { numbered: at(true) })).toEqual({ to: 'reply', ticketId: 'x' });
    expect(of('none', { numbered: at(true) })).toMatchObject({ to: 'held', reason: 'number-alone' });
    for (const way of ['signed', 'earlier', 'numbered'])
      expect(of('pass', { [way]: at(false) })).toMatchObject({ to: 'held', reason: 'not-taking-part' });
    expect(of('fail', { signed: at(true) })).toMatchObject({ to: 'held', reason: 'not-authentic' });
    expect(of('fail', {})).toEqual({ to: 'held', reason: 'not-authentic', ticketId: null });
  });

  test('an outgoing mail tells programs not to answer, and has one number in its subject', () => {
    const message = messageOf({
      ...{
        id: randomUUID(),
        token: 't',
        mailbox: 'helpdesk@portal.example',
        name: 'Helpdesk',
        number: 7,
        subject: 'Re: RE: Hulp [#7] [#8]',
      },
      ...{ text: 'Dag', footer: 'Waarom', automatic: true, thread: [id(1), id(2)], attachments: [] },
    });
    expect(message.subject).toBe('Re: Hulp [#7]');
    expect(message.headers['Auto-Submitted']).toBe('auto-replied');
    expect([message.inReplyTo, message.references]).toEqual([id(2), `${id(1)} ${id(2)}`]);
  });
});

describe('quotes', () => {
  const whole = (text: string) =>
    stretchesOf(text)
      .map((each) => each.text)
      .join('');
  const shown = (text: string) =>
    stretchesOf(text)
      .filter(({ folded }) => !folded)
      .map((each) => each.text)
      .join('');
  const replies = {
    between: lines(
      'Op ma 3 nov 2026 om 10:42 schreef de helpdesk <h@x.be>:',
      '> Welke klas?',
      '3B',
      '> En welke tool?',
      'Blokjes',
      '',
    ),
    gmail: lines('Het lukt nu.', '', 'On Mon, Nov 3, 2026 at 10:42 AM Helpdesk <', 'h@x.be> wrote:', '', '> Lukt het nu?', ''),
    outlook: lines(
      'Dank je.',
      '',
      'Van: Helpdesk <h@x.be>',
      'Verzonden: maandag 3 november 2026 10:42',
      'Aan: An',
      'Onderwerp: Hulp',
      '',
      'Lukt het?',
      '',
    ),
    original: lines('Merci', '-----Message d’origine-----'.replace('’', "'"), 'De : Assistance', 'Envoyé : lundi', '', 'Bonjour'),
  };

  test('H12: nothing is cut; answers between quotes and before headers of Outlook stay visible', () => {
    for (const text of Object.values(replies)) expect(whole(text)).toBe(text);
    expect(shown(replies.between)).toContain('3B');
    expect(shown(replies.between)).toContain('Blokjes');
    expect(shown(replies.between)).not.toContain('Welke klas');
    expect(shown(replies.gmail).trim()).toBe('Het lukt nu.');
    expect(shown(replies.outlook).trim()).toBe('Dank je.');
    expect(shown(replies.original).trim()).toBe('Merci');
  });

  test('H13: where nothing would remain, nothing is folded', () => {
    const text = lines('> Lukt het?', '> Ja, het lukt.', '');
    expect(stretchesOf(text)).toEqual([{ text, folded: false }]);
    const below = lines('Van: Helpdesk', 'Verzonden: maandag', 'Aan: An', '', 'Lukt het?', 'Ja!');
    expect(shown(below)).toBe(below);
    expect(stretchesOf('')).toEqual([]);
  });

  test('H12: a property: whatever the text, its stretches are the text', () => {
    const words = [
      '> x',
      'Van: A',
      'Verzonden: b',
      'Aan: c',
      '',
      '-----Original Message-----',
      'On a day wrote:',
      'dag',
      '>',
      '\t> y',
      '____________',
    ];
    for (let n = 0; n < 500; n++) {
      const text = Array.from({ length: n % 13 }, (_, at) => words[(n * 7 + at * at * 3 + at) % words.length]).join(
        n % 2 ? '\n' : '\r\n',
      );
      expect(whole(text)).toBe(text);
    }
  });
});

describe('reading mails', () => {
  test('H12: text of HTML alone keeps answers between quotes, within nested documents and own quotes', async () => {
    const html =
      '<html><body><p>Klas <b>3B</b></p><blockquote>Welke klas?<blockquote>Dag</blockquote></blockquote><html><body><div>Tot straks</div></body></html></body></html>';
    const { text } = await read(lines('From: an@ouders.example', 'Content-Type: text/html', '', html));
    expect(text).toContain('Klas 3B');
    expect(text).toContain('> Welke klas?');
    expect(text).toContain('> > Dag');
    expect(text).toContain('Tot straks');
  });

  test('H14: odd charsets and names, and headers that are none', async () => {
    const body = (charset: string, bytes: number[]) =>
      Buffer.concat([
        Buffer.from(lines('From: an@ouders.example', `Content-Type: text/plain; charset=${charset}`, '', '')),
        Buffer.from(bytes),
      ]);
    expect((await read(body('windows-1258', [0x54, 0xec, 0xd0, 0xf2]))).text.normalize('NFC')).toContain('Đ');
    expect(
      (await read(body('iso-2022-jp', [0x1b, 0x24, 0x42, 0x25, 0x46, 0x25, 0x39, 0x25, 0x48, 0x1b, 0x28, 0x42]))).text,
    ).toContain('テスト');
    expect((await read(body('x-klingon', [0x61, 0xe9]))).text).toMatch(/^a/);
    expect((await read(lines('From: an@ouders.example', 'Content-Type: ;;; text', '', 'Dag allemaal'))).text).toContain(
      'Dag allemaal',
    );
    const named = multipart('mixed', [
      [['Content-Type: text/plain'], 'Dag'],
      [['Content-Type: application/pdf', "Content-Disposition: attachment; filename*=us-ascii''k%F6ln.pdf"], '%PDF-1.7'],
    ]);
    expect((await read(named)).attachments[0]?.name).toMatch(/^k.{1,3}ln\.pdf$/);
    const nul = await read('From: an@ouders.example\r\nSubject: a\0b\r\n\r\nDag\0 \ud800');
    expect(nul.subject + nul.text).not.toContain('\0');
    const nothing = await read('zomaar wat tekst');
    expect(nothing).toMatchObject({ raw: true, text: 'zomaar wat tekst', from: null });
    expect(await read(Buffer.alloc(0))).toMatchObject({ text: '' });
  });

  test('H16, H12: pictures of the mail are shown within, files beside it, none twice and none lost', async () => {
    const picture = (more: string[]): [string[], string] => [
      ['Content-Type: image/png', 'Content-Transfer-Encoding: base64', ...more],
      pixel,
    ];
    const { html, attachments } = await read(
      multipart('related', [
        [
          ['Content-Type: text/html'],
          '<p>Kijk <img src="cid:een"> en <img src="image002.png" alt="twee"> <img src="https://spion.example/x.png" alt="drie"></p>',
        ],
        picture(['Content-ID: <een>']),
        picture(['Content-ID: <een>', 'Content-Disposition: attachment; filename=nogeens.png']),
        picture(['Content-Disposition: inline; filename=image002.png']),
        [['Content-Type: application/pdf', 'Content-Disposition: inline'], '%PDF-1.7'],
      ]),
    );
    expect(html?.match(/src="data:image\/png;base64,/g)).toHaveLength(2);
    expect(html).not.toContain('spion');
    expect(html).toContain('alt="drie"');
    expect(attachments.map(({ name, type }) => name || type)).toEqual(['nogeens.png', 'application/pdf']);
  });

  test('H17: winmail.dat is unpacked; a damaged one stays a file', async () => {
    const of = (dat: Buffer) =>
      read(
        multipart('mixed', [
          [['Content-Type: text/plain'], 'Dag'],
          [['Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64'], dat.toString('base64')],
        ]),
      );
    const dat = tnef('De tekst van Outlook', 'lijst.csv', 'a;b');
    const unpacked = await of(dat);
    expect(unpacked.text).toContain('De tekst van Outlook');
    expect(unpacked.attachments.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([['lijst.csv', 'a;b']]);
    const damaged = await of(dat.subarray(0, dat.length - 9));
    expect(damaged.attachments.map(({ name }) => name)).toEqual(['winmail.dat']);
  });

  test('H18: unclosed parts, a million parts, deep nesting and huge HTML are read, or shown as they came', async () => {
    const unclosed = lines(
      ...[
        'From: an@ouders.example',
        'Content-Type: multipart/mixed; boundary=B',
        '',
        '--B',
        'Content-Type: text/plain',
        '',
        'Zie onder',
        '--B',
      ],
      ...[
        'Content-Type: message/rfc822',
        '',
        'From: c@d.be',
        'Content-Type: multipart/alternative; boundary=C',
        '',
        '--C',
        '',
        'binnen',
      ],
    );
    const forwarded = await read(unclosed);
    expect(forwarded.text).toContain('Zie onder');
    expect(Buffer.concat(forwarded.attachments.map(({ bytes }) => Buffer.from(bytes))).toString()).toContain('binnen');
    const parts = `From: an@ouders.example\r\nSubject: Veel\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n${'--B\r\n\r\nx\r\n'.repeat(1_000_000)}`;
    expect(await read(parts)).toMatchObject({ raw: true, subject: 'Veel', from: { address: 'an@ouders.example' } });
    const deep = Array.from({ length: 3_000 }, (_, n) => `Content-Type: multipart/mixed; boundary=B${n}\r\n\r\n--B${n}\r\n`).join(
      '',
    );
    expect(await read(`From: an@ouders.example\r\n${deep}\r\nDag`)).toMatchObject({ raw: true });
    const large = await read(
      lines('From: an@ouders.example', 'Content-Type: text/html', '', `<p>Begin</p>${'<b>x</b>'.repeat(20_000)}`),
    );
    expect(large).toMatchObject({ html: null, raw: false });
    expect(large.text).toContain('Begin');
    expect(large.text.length).toBeLessThanOrEqual(limits.textCharacters);
    const nested = await read(lines('From: an@ouders.example', 'Content-Type: text/html', '', `${'<div>'.repeat(20_000)}diep`));
    expect(nested).toMatchObject({ html: null, text: expect.stringContaining('diep') });
  });

  test('H20: archives are never unpacked', async () => {
    const zip = Buffer.from('504b030414000000080000000000', 'hex');
    const { attachments } = await read(
      multipart('mixed', [
        [['Content-Type: application/zip; name=bom.zip', 'Content-Transfer-Encoding: base64'], zip.toString('base64')],
      ]),
    );
    expect(attachments).toMatchObject([{ name: 'bom.zip' }]);
    expect(Buffer.from(attachments[0]?.bytes as Uint8Array)).toEqual(zip);
  });

  test('H1: a report names the mail that it is about', async () => {
    const token = await tokens().sign({ kind: 'ticket', id: randomUUID() });
    const sent = `<${token}.${randomUUID()}@portal.example>`;
    const report = multipart(
      'report; report-type=delivery-status',
      [
        [['Content-Type: text/plain'], 'Uw bericht kwam niet aan'],
        [
          ['Content-Type: message/delivery-status'],
          lines('Reporting-MTA: dns; mx.x.be', '', 'Final-Recipient: rfc822; an@x.be', 'Action: failed', 'Status: 5.1.1'),
        ],
        [['Content-Type: text/rfc822-headers'], `Message-ID: ${sent}`],
      ],
      { from: 'MAILER-DAEMON@x.be', headers: ['Auto-Submitted: auto-replied', 'Return-Path: <>'] },
    );
    expect((await read(report)).report).toEqual({ ids: [sent], failed: true, status: '5.1.1' });
    expect((await read(mail())).report).toBeNull();
  });
});

test('H18: a mail that takes too long or too much memory is put aside, and those that wait behind it are read', async () => {
  const small = mail({ subject: 'Klein' });
  const large = `From: an@ouders.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${`${'=41'.repeat(25)}=\r\n`.repeat(250_000)}`;
  const read = (text: string, bounds?: Parameters<typeof parseMail>[1]) => parseMail(Buffer.from(text), bounds);
  const subjectOf = (parsing: Awaited<ReturnType<typeof parseMail>>) => ('mail' in parsing ? parsing.mail.subject : parsing);
  await read(small);
  const slow = await Promise.all([read(large, { ...limits, seconds: 0.05 }), read(small), read(small)]);
  expect(slow.map(subjectOf)).toEqual([{ quarantined: 'too-slow' }, 'Klein', 'Klein']);
  await endParsing();
  const great = await Promise.all([read(large, { ...limits, heapMegabytes: 40 }), read(small)]);
  expect(great.map(subjectOf)).toEqual([{ quarantined: 'too-much-memory' }, 'Klein']);
});

test(`of ${fuzzed} broken mails each is read within the limits, or put aside`, { timeout: 60_000 + fuzzed * 100 }, async () => {
  await parseMail(Buffer.from(mail()));
  const before = megabytes();
  let aside = 0;
  for (const raw of fuzzedMails(fuzzed, 7)) {
    const parsing = await parseMail(raw);
    if ('quarantined' in parsing) aside++;
    else expect(isStorable(JSON.stringify(parsing.mail.headers) + parsing.mail.text + parsing.mail.subject)).toBe(true);
  }
  expect(aside).toBeLessThanOrEqual(fuzzed / 100);
  expect(megabytes() - before).toBeLessThan(mostGrowth);
});

describe('HTML of mails', () => {
  test('H22: nothing that runs or loads remains, also after the browser parses it again', async () => {
    const { corpus } = await import('./support/xss.js');
    for (const attack of corpus) {
      const { html } = await read(
        lines('From: an@ouders.example', 'Content-Type: text/html; charset=utf-8', '', Buffer.from(attack).toString('latin1')),
      );
      const text = html ?? '';
      expect(text, attack).not.toMatch(
        /<(?:script|style|iframe|object|embed|svg|math|form|input|base|link|meta|template|noscript|xmp|plaintext)\b/i,
      );
      expect(text.replace(/"[^"]*"/g, '""'), attack).not.toMatch(/\son\w+\s*=/i);
      expect(text, attack).not.toMatch(
        /(?:href|src|action|srcset|background)="\s*(?!https?:|mailto:|data:image\/(?:png|jpeg|gif);)/i,
      );
      expect(text, attack).not.toMatch(/src="(?!data:)/i);
    }
  });
});
