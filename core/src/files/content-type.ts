import { TextDecoder } from 'node:util';
import { isText } from '../foundation/media-types.js';

/** Number of bytes at the beginning of a file from which its type is determined. Nothing beyond them is unpacked. */
export const HEAD_BYTES = 64 * 1024;

export interface ContentType {
  type: string;
  /** Usual extension of the type. */
  extension?: string;
}

/** Other names of the same type. */
const aliases: Record<string, string> = { 'application/x-zip-compressed': 'application/zip', 'image/apng': 'image/png' };

/** Beginnings of markup that browsers run, whatever its declared type (WHATWG MIME Sniffing section 7.1, and SVG). */
const markup =
  /^\s*(?:<\?xml|<!--|<!doctype|<(?:html|head|body|script|iframe|svg|style|table|title|div|font|img|link|meta|a|b|br|p|h1)[\s/>])/i;

/**
 * The type of a file according to its content; null if the kernel does not recognise it. The file's name and the sender's declared type are
 * used only to distinguish kinds of text, which look alike.
 *
 * @param head its first bytes
 * @param whole whether `head` is the whole file
 * @param allowed the accepted types
 */
export async function contentType(
  head: Uint8Array,
  whole: boolean,
  allowed: readonly string[],
  said: { name: string; type: string },
): Promise<ContentType | null> {
  // Imported when the first file arrives, because it has many modules.
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const byMark = found === undefined ? null : { type: aliases[found.mime] ?? found.mime, extension: found.ext };
  if (byMark !== null && allowed.includes(byMark.type)) return byMark;
  const texts = allowed.filter(isText);
  const text = textOf(head, whole);
  // A text may begin with the magic bytes of another type, such as BM.
  if (texts.length === 0 || text === null || markup.test(text.slice(0, 1_024).replace(/^\ufeff/, ''))) return byMark;
  const type = texts.find((each) => each === said.type) ?? texts.find((each) => each === typeByName(said.name)) ?? texts[0];
  return { type: type as string };
}

const byExtension: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  ics: 'text/calendar',
  json: 'application/json',
};

const typeByName = (name: string): string => byExtension[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'text/plain';

/** The text if it is UTF-8 without control characters; otherwise null. */
function textOf(head: Uint8Array, whole: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(head, { stream: !whole });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what text does not hold
    return /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
