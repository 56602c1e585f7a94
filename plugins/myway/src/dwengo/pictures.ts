/*
 * Dwengo's Markdown shows pictures, films and documents with image syntax: `![alt](embed/x.png "title")`,
 * `![](@youtube/https://… "title")`, `![](@pdf/…)`, `![](@learning-object/…)`, and a picture in a link as a button:
 * `[![](embed/knop.png "Knop")](https://… "Notebook")`. The files themselves do not come along, and the portal loads nothing from
 * other sites by itself. So text takes their place: a link where there is an address, else the words that describe them.
 */

export interface Replaced {
  markdown: string;
  /** Pictures and other media that did not come along. */
  missing: number;
  /** Films and pictures on other sites, now links. */
  linked: number;
}

const image = String.raw`!\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*(<[^>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\s*(?:"([^"]*)"|'([^']*)')?\s*\)`;
const linkedImage = String.raw`\[\s*${image}\s*\]\(\s*([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\s*(?:"([^"]*)"|'([^']*)')?\s*\)`;
/** Code is left as it is: fenced blocks and spans between backticks. */
const code = String.raw`^(\`{3,}|~{3,})[\s\S]*?^\8[^\n]*$|(\`+)(?!\`)[\s\S]*?[^\`]\9(?!\`)`;
const any = new RegExp(`${linkedImage}|${code}|${image}`, 'gm');

export function replacePictures(markdown: string): Replaced {
  let missing = 0;
  let linked = 0;
  const replaced = markdown.replace(any, (...match: (string | undefined)[]) => {
    const [whole, alt, , title1, title2, href, hrefTitle1, hrefTitle2, fence, ticks, alt2, address, title3, title4] = match;
    if (fence !== undefined || ticks !== undefined) return whole as string;
    if (href !== undefined) {
      missing += 1;
      return link(alt || hrefTitle1 || hrefTitle2 || title1 || title2, href);
    }
    const words = alt2 || title3 || title4;
    const elsewhere = addressOf(address ?? '');
    if (elsewhere !== null) {
      linked += 1;
      return link(words, elsewhere);
    }
    missing += 1;
    return words ? `*${escapeText(words.trim())}*` : '';
  });
  return { markdown: replaced, missing, linked };
}

function addressOf(address: string): string | null {
  const plain = address.replace(/^<|>$/g, '').replace(/^@[a-z-]+\/(?=https?:)/i, '');
  if (!/^https?:\/\//i.test(plain)) return null;
  return plain.replace(
    /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]+).*$/i,
    'https://www.youtube.com/watch?v=$1',
  );
}

function link(words: string | undefined, address: string): string {
  const shown = words?.trim() || hostOf(address);
  return `[${escapeText(shown)}](${address.replace(/[<>\s]/g, encodeURIComponent)})`;
}

const hostOf = (address: string): string => /^https?:\/\/(?:www\.)?([^/?#]+)/i.exec(address)?.[1] ?? address;

const escapeText = (text: string): string => text.replace(/[\\*_[\]<>`]/g, '\\$&');
