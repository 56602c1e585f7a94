import { type Attachment, simpleParser } from 'mailparser';
import { addressesIn, isAddress } from '../addresses.js';
import { mailIn, tokenIn } from '../tokens.js';
import type { HtmlCleaner, InlinePicture } from './html.js';
import { limits } from './limits.js';
import type { DeliveryReport, ParsedAttachment, ParsedMail } from './parsed.js';
import { readTnef } from './tnef.js';

/** Reads a mail. What cannot be read as one is returned as the text that it is. Runs in a thread of its own: see {@link parseMail}. */
export async function readMail(raw: Buffer, cleaner: HtmlCleaner): Promise<ParsedMail> {
  if (partsOf(raw) > limits.parts) return asItIs(raw);
  try {
    const mail = await simpleParser(raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
      maxHtmlLengthToParse: limits.htmlBytes,
    });
    const headers = mail.headerLines.slice(0, 2_000).map(({ key, line }) => [key, unfolded(line)] as const);
    const unpacked = mail.attachments.map(contentOf);
    const tnef = unpacked.map((each) => (isTnef(each) ? readTnef(each.bytes) : null));
    const attachments = unpacked.flatMap(
      (each, at): InlinePicture[] => tnef[at]?.files.map((file) => ({ id: '', ...file })) ?? [each],
    );
    const html = typeof mail.html === 'string' && isCleanable(mail.html) ? mail.html : null;
    const cleaned = html === null ? null : cleaner.clean(html, attachments);
    const plain = [mail.text ?? '', ...tnef.map((each) => each?.text ?? '')].filter((each) => each.trim() !== '').join('\n\n');
    const text = plain.trim() !== '' ? plain : (cleaned?.text ?? (typeof mail.html === 'string' ? stripped(mail.html) : ''));
    const files = attachments.filter((each) => cleaned?.shown.has(each) !== true && each.bytes.byteLength > 0);
    // What is no mail is read as one that has nothing in it.
    if (text.trim() === '' && cleaned === null && files.length === 0 && mail.from === undefined) return asItIs(raw);
    const from = mail.from?.value.find(({ address }) => address !== undefined && isAddress(address));
    return {
      headers,
      from: from?.address === undefined ? null : { address: from.address.toLowerCase(), name: from.name },
      messageId: mail.messageId ?? null,
      subject: mail.subject ?? '',
      text,
      html: cleaned?.html ?? null,
      attachments: files.slice(0, limits.attachments).map(({ name, type, bytes }) => ({ name, type, bytes })),
      report: reportOf(headers, raw),
      raw: false,
    };
  } catch {
    return asItIs(raw);
  }
}

/** Counts lines that begin like a boundary that the mail declares (RFC 2046 section 5.1.1), without parsing it. */
function partsOf(raw: Buffer): number {
  const text = raw.toString('latin1');
  const boundaries = new Set(
    [...text.matchAll(/boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi)].map((found) => `--${found[1] ?? found[2]}`),
  );
  if (boundaries.size > limits.parts) return boundaries.size;
  let parts = 0;
  for (const [line] of text.matchAll(/^--[^\r\n]{1,210}/gm)) {
    if (boundaries.has(line.trimEnd()) && ++parts > limits.parts) break;
  }
  return parts;
}

/** A mail that cannot be read: its beginning as text, and what its header says as far as it can be found. */
function asItIs(raw: Buffer): ParsedMail {
  const text = raw.subarray(0, limits.textCharacters).toString('utf8');
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .slice(0, 2_000)
    .flatMap((line) => {
      const found = /^([!-9;-~]{1,100}):(.*)$/.exec(line);
      return found === null ? [] : [[(found[1] as string).toLowerCase(), (found[2] as string).trim()] as const];
    });
  const value = (name: string) => headers.find(([key]) => key === name)?.[1] ?? '';
  const [address = ''] = addressesIn(value('from'));
  return {
    headers,
    from: address === '' ? null : { address: address.toLowerCase(), name: '' },
    messageId: /<[^<>\s]{1,900}>/.exec(value('message-id'))?.[0] ?? null,
    subject: value('subject'),
    text,
    html: null,
    attachments: [],
    report: null,
    raw: true,
  };
}

const unfolded = (line: string): string =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n[ \t]*/g, ' ')
    .trim()
    .slice(0, 100_000);

function contentOf({ filename, contentType, content, cid }: Attachment): InlinePicture {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(String(content ?? ''));
  return { id: cid ?? '', name: filename ?? '', type: contentType ?? '', bytes: new Uint8Array(bytes) };
}

const isTnef = ({ name, type }: ParsedAttachment): boolean =>
  /^application\/(?:vnd\.)?ms-tnef$/i.test(type) || name.toLowerCase() === 'winmail.dat';

/** Cleaning takes time for each element. */
const isCleanable = (html: string): boolean =>
  Buffer.byteLength(html) <= limits.htmlBytes && html.split('<').length <= limits.htmlTags;

/** The text of HTML that is too large to be cleaned; only ever shown as text. */
const stripped = (html: string): string =>
  html
    .slice(0, limits.htmlBytes)
    .split('<')
    .map((part, at) => (at === 0 ? part : part.slice(part.indexOf('>') + 1)))
    .join(' ')
    .replace(/[ \t]+/g, ' ');

/** Of a report by a mail server, or of what looks like one without being well-formed. */
function reportOf(headers: ParsedMail['headers'], raw: Buffer): DeliveryReport | null {
  const value = (name: string) => headers.find(([key]) => key === name)?.[1] ?? '';
  const isReport = /multipart\/report/i.test(value('content-type')) && /delivery-status/i.test(value('content-type'));
  const isDaemon = /(?:^|[<\s"])(?:mailer-daemon|postmaster)@/i.test(value('from')) || value('x-failed-recipients') !== '';
  if (!isReport && !isDaemon) return null;
  const text = raw.subarray(0, 1024 * 1024).toString('latin1');
  const ids = [...text.matchAll(/<[ts][a-z2-7]{42}\.[0-9a-f-]{36}@[^<>\s]{1,255}>/gi)].map(([id]) => id);
  const status = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ?? '';
  const action = /^Action:\s*([a-z]+)/im.exec(text)?.[1]?.toLowerCase();
  const failed = action === undefined ? !status.startsWith('4') : action === 'failed';
  return { ids: [...new Set(ids)].filter((id) => tokenIn(id) !== null && mailIn(id) !== null).slice(0, 20), failed, status };
}
