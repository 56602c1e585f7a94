/* Mails of our own writing, for tests. */

let count = 0;

/** The lines of a mail, with the line ends of RFC 5322. */
export const lines = (...parts: string[]): string => parts.join('\r\n');

export interface MailOptions {
  from?: string;
  to?: string;
  subject?: string;
  id?: string;
  headers?: string[];
  text?: string;
}

/** A plain mail. */
export const mail = ({
  from = 'An <an@ouders.example>',
  to = 'helpdesk@portal.example',
  subject = 'Hulp',
  id,
  headers = [],
  text = 'Dag',
}: MailOptions = {}): string =>
  lines(
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: ${id ?? `<m${++count}.${Date.now()}@ouders.example>`}`,
    'Date: Sat, 28 Nov 2026 10:42:00 +0100',
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
  );

/** A mail of several parts, each given as its header lines and its body. */
export const multipart = (
  kind: string,
  parts: [headers: string[], body: string][],
  { headers = [], ...more }: MailOptions = {},
): string => {
  const boundary = `b${++count}`;
  const body = parts.map(([own, text]) => lines(`--${boundary}`, ...own, '', text)).join('\r\n');
  return lines(
    `From: ${more.from ?? 'An <an@ouders.example>'}`,
    `To: ${more.to ?? 'helpdesk@portal.example'}`,
    `Subject: ${more.subject ?? 'Hulp'}`,
    `Message-ID: ${more.id ?? `<p${count}.${Date.now()}@ouders.example>`}`,
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: multipart/${kind}; boundary="${boundary}"`,
    '',
    body,
    `--${boundary}--`,
    '',
  );
};

/** A PNG of one pixel. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** `winmail.dat` (MS-OXTNEF) with a body and one file. */
export function tnef(body: string, name: string, content: string): Buffer {
  const attribute = (level: number, tag: number, type: number, value: Buffer) => {
    const head = Buffer.alloc(9);
    head.writeUInt8(level, 0);
    head.writeUInt16LE(tag, 1);
    head.writeUInt16LE(type, 3);
    head.writeUInt32LE(value.length, 5);
    const checksum = Buffer.alloc(2);
    checksum.writeUInt16LE(value.reduce((sum, byte) => sum + byte, 0) % 65_536);
    return Buffer.concat([head, value, checksum]);
  };
  const start = Buffer.alloc(6);
  start.writeUInt32LE(0x223e9f78, 0);
  return Buffer.concat([
    start,
    attribute(1, 0x800c, 2, Buffer.from(`${body}\0`, 'latin1')),
    attribute(2, 0x9002, 6, Buffer.alloc(14)),
    attribute(2, 0x8010, 1, Buffer.from(`${name}\0`, 'latin1')),
    attribute(2, 0x800f, 6, Buffer.from(content)),
  ]);
}
