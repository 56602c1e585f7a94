import { findMedia, type Medium } from './find-media.js';
import type { Picture } from './picture-file.js';

/** A reference to another object, to be replaced by its text. */
export interface Embedded {
  /** `blokken/nl/3`, as written in the text. */
  identity: string;
  /** The words to show if the text cannot be embedded. */
  words: string;
}

export interface ShownMedia {
  /** Markdown, with references to other objects. */
  parts: (string | Embedded)[];
  /** What is not shown, with the reasons. */
  remarks: string[];
}

/**
 * Replaces media: pictures by `data:` addresses, references to other objects by placeholders, missing media by their words, and media on
 * other sites by links, because the portal loads nothing from other hosts.
 */
export async function showMedia(markdown: string, pictureAt: (address: string) => Promise<Picture>): Promise<ShownMedia> {
  const parts: ShownMedia['parts'] = [];
  const why = new Map<string, string[]>();
  let linked = 0;
  let at = 0;
  for (const medium of findMedia(markdown)) {
    parts.push(markdown.slice(at, medium.start));
    at = medium.end;
    const embedded = /^@learning-object\/(\S+)$/.exec(medium.address)?.[1];
    const elsewhere = addressElsewhere(medium.address);
    if (embedded !== undefined) parts.push({ identity: embedded, words: inWords(medium) });
    else if (elsewhere !== null) {
      linked += 1;
      parts.push(medium.link === null ? link(medium.words, elsewhere) : inWords(medium));
    } else {
      const picture = medium.address.startsWith('@')
        ? { why: 'it is not a picture' }
        : await pictureOf(medium.address, pictureAt);
      if ('why' in picture) why.set(picture.why, [...(why.get(picture.why) ?? []), medium.address || '(no address)']);
      parts.push('data' in picture ? shown(medium, picture.data) : inWords(medium));
    }
  }
  parts.push(markdown.slice(at));
  const remarks = [...why].map(([reason, addresses]) => `not shown, its text is kept: ${listOf(addresses)} (${reason})`);
  if (linked > 0)
    remarks.push(`${linked} ${linked === 1 ? 'film or picture' : 'films or pictures'} on another site kept as a link`);
  return { parts, remarks };
}

/** A small picture may already be a `data:` address; others are read. */
const pictureOf = async (address: string, pictureAt: (address: string) => Promise<Picture>): Promise<Picture> =>
  /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]+$/i.test(address) ? { data: address } : pictureAt(address);

const listOf = (addresses: string[]): string =>
  addresses.slice(0, 3).join(', ').slice(0, 300) + (addresses.length > 3 ? ` and ${addresses.length - 3} more` : '');

function shown({ words, title, link: around }: Medium, data: string): string {
  const told = title !== '' && title !== words ? ` "${escapeText(title).replaceAll('"', '\\"')}"` : '';
  const picture = `![${escapeText(words)}](${data}${told})`;
  return around === null || addressElsewhere(around.href) === null ? picture : `[${picture}](${safeAddress(around.href)})`;
}

/** Words for a medium that is not shown. A button is named after its link, a picture after its own text. */
function inWords({ words, link: around }: Medium): string {
  if (around !== null) return link(around.title || words, around.href);
  return words.trim() === '' ? '' : `*${escapeText(words.trim())}*`;
}

function addressElsewhere(address: string): string | null {
  const plain = address.replace(/^@[a-z-]+\/(?=https?:)/i, '');
  if (!/^https?:\/\//i.test(plain)) return null;
  return plain.replace(
    /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]+).*$/i,
    'https://www.youtube.com/watch?v=$1',
  );
}

function link(words: string, address: string): string {
  const text = words.trim() || hostOf(address);
  return `[${escapeText(text)}](${safeAddress(address)})`;
}

const safeAddress = (address: string): string => address.replace(/[<>\s]/g, encodeURIComponent);

const hostOf = (address: string): string => /^https?:\/\/(?:www\.)?([^/?#]+)/i.exec(address)?.[1] ?? address;

const escapeText = (text: string): string => text.replace(/[\\*_[\]<>`]/g, '\\$&').replace(/\s+/g, ' ');
