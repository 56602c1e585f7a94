/**
 * Dwengo's Markdown shows pictures, films, documents and other learning objects with image syntax: `![alt](embed/x.png "title")`,
 * `![](@youtube/https://… "title")`, `![](@pdf/…)`, `![](@learning-object/id/nl/3)`, and a picture in a link as a button:
 * `[![](embed/knop.png "Knop")](https://… "Notebook")`. Some authors use `<img>`.
 */
export interface Medium {
  /** Start and end in the text, including a surrounding link. */
  start: number;
  end: number;
  /** Alternative text, or the title if that is missing, or ''. */
  words: string;
  title: string;
  address: string;
  /** The surrounding link, if it is a button. */
  link: { href: string; title: string } | null;
}

/** Code fences, runs of backticks, brackets of images and links, and HTML images; escaped characters are skipped. */
const marks = /^ {0,3}(?:`{3,}|~{3,})|`+|\\[\s\S]|!?\[|\]|<img\b[^<>]{0,2000}>/gim;

/** What follows `]`: `(address "title")`; the address may contain one level of balanced parentheses. */
const target =
  /\(\s{0,20}(<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,500}){0,5})\s{0,20}(?:"([^"]{0,500})"|'([^']{0,500})')?\s{0,20}\)/y;

interface Opened {
  at: number;
  end: number;
  image: boolean;
  /** Images inside these brackets. */
  media: Medium[];
}

/** Maximum nesting of brackets; deeper brackets are treated as text. */
const deepest = 50;

/** Finds media in the order of the text, outside code. Takes linear time. */
export function findMedia(markdown: string): Medium[] {
  const found: Medium[] = [];
  const open: Opened[] = [];
  const add = (medium: Medium) => (open.find(({ image }) => !image)?.media ?? found).push(medium);
  /** An image replaces those in its alternative text. */
  const addImage = (medium: Medium) => {
    const list = open.find(({ image }) => !image)?.media ?? found;
    while ((list.at(-1)?.start ?? -1) > medium.start) list.pop();
    list.push(medium);
  };
  const closing = closingRuns(markdown);
  let skipTo = 0;
  let fence = '';
  for (const { 0: mark, index } of markdown.matchAll(marks)) {
    if (/^ *(?:`{3,}|~{3,})$/.test(mark) && isLineStart(markdown, index)) {
      const sign = mark.trim();
      if (fence === '') fence = sign;
      else if (sign.startsWith(fence)) fence = '';
      continue;
    }
    if (fence !== '' || index < skipTo) continue;
    if (mark.startsWith('`')) skipTo = closing.get(index) ?? skipTo;
    else if (mark.endsWith('[') && !mark.startsWith('\\')) {
      open.unshift({ at: index, end: index + mark.length, image: mark === '![', media: [] });
      while (open.length > deepest) for (const medium of open.pop()?.media ?? []) found.push(medium);
    } else if (mark === ']') {
      const opened = open.shift();
      if (opened === undefined) continue;
      target.lastIndex = index + 1;
      const [whole, bare = '', title1, title2] = target.exec(markdown) ?? [];
      if (whole === undefined) {
        for (const medium of opened.media) add(medium);
        continue;
      }
      skipTo = index + 1 + whole.length;
      const at = { start: opened.at, end: skipTo };
      const address = bare.replace(/^<|>$/g, '');
      const title = title1 ?? title2 ?? '';
      const [only] = opened.media;
      if (opened.image) addImage({ ...at, words: markdown.slice(opened.end, index).trim() || title, title, address, link: null });
      else if (only !== undefined && markdown.slice(opened.end, index).trim().length === only.end - only.start) {
        add({ ...only, ...at, link: { href: address, title } });
      } else for (const medium of opened.media) add(medium);
    } else if (mark.startsWith('<')) {
      const words = attribute(mark, 'alt');
      const title = attribute(mark, 'title');
      const at = { start: index, end: index + mark.length };
      add({ ...at, words: words || title, title, address: attribute(mark, 'src'), link: null });
    }
  }
  for (const { media } of open) found.push(...media);
  return found.sort((a, b) => a.start - b.start);
}

const isLineStart = (text: string, index: number): boolean => index === 0 || text[index - 1] === '\n';

/** For each run of backticks, the end of the next run of the same length. The text in between is code. */
function closingRuns(markdown: string): Map<number, number> {
  const runs = [...markdown.matchAll(/`+/g)];
  const later = new Map<number, number>();
  const closing = new Map<number, number>();
  for (const { 0: run, index } of runs.reverse()) {
    const end = later.get(run.length);
    if (end !== undefined) closing.set(index, end);
    later.set(run.length, index + run.length);
  }
  return closing;
}

function attribute(tag: string, name: string): string {
  const [, double, single, bare] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag) ?? [];
  return (double ?? single ?? bare ?? '').replaceAll('&amp;', '&').trim();
}
