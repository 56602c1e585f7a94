import createDOMPurify from 'dompurify';
import { Marked } from 'marked';

export interface MarkdownOptions {
  headingLevel: number;
  /** Text to show instead of a picture that is on another site or has an unusable address. */
  pictureLeftOut: (alt: string, why: 'elsewhere' | 'missing') => string;
}

/**
 * Renames attributes with script or style in raw HTML. The sanitiser removes them anyway, but only after the browser has reported a
 * violation of the content security policy.
 */
const disarm = (html: string): string =>
  html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s/"'])(?:on[a-z]+|style)\s*=/gi, '$1data-off='));

const marked = new Marked({ gfm: true, async: false, renderer: { html: ({ text }) => disarm(text) } });

/** Elements of formulas: MathML Core (W3C), and the columns and frames that KaTeX writes. None of them can load or link to anything. */
const MATHML_ELEMENTS = [
  ...['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mstyle', 'mpadded', 'mphantom', 'menclose', 'merror'],
  ...['mfrac', 'msqrt', 'mroot', 'msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts'],
  ...['mtable', 'mtr', 'mtd', 'mlabeledtr'],
];
const MATHML_WORDS = [
  ...['display', 'displaystyle', 'scriptlevel', 'mathvariant', 'mathcolor', 'mathbackground', 'notation'],
  ...['stretchy', 'fence', 'separator', 'symmetric', 'largeop', 'movablelimits', 'accent', 'accentunder'],
  ...['columnalign', 'rowalign', 'columnlines', 'rowlines', 'columnspan'],
];
const MATHML_LENGTHS = [
  ...['width', 'height', 'depth', 'voffset', 'lspace', 'rspace', 'minsize', 'maxsize', 'mathsize', 'linethickness'],
  ...['columnspacing', 'rowspacing'],
];
/** Up to 20 lengths, each below 20 em, ex or px, so that a formula stays in its place. */
const smallLength = /^(?:-?(?:\d|1\d)?(?:\.\d{1,6})?(?:em|ex|px)?(?: |$)){1,20}$/;

/** Attributes without addresses. */
const PLAIN_ATTRIBUTES = [
  ...['alt', 'title', 'lang', 'dir', 'colspan', 'rowspan', 'scope', 'start', 'reversed', 'open'],
  ...MATHML_WORDS,
  ...MATHML_LENGTHS,
];

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
    ...MATHML_ELEMENTS,
  ],
  ALLOWED_ATTR: ['href', 'src', ...PLAIN_ATTRIBUTES],
  // Without this, DOMPurify would require the value of every attribute, such as `lang` or `width`, to be an address.
  ADD_URI_SAFE_ATTR: PLAIN_ATTRIBUTES,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|\/(?!\/)|#|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  IN_PLACE: true as const,
};

let purifier: ReturnType<typeof createDOMPurify> | undefined;

/** A file that a plugin keeps for texts: `GET /api/<plugin>/materials/<id>` sends a file and does nothing else. */
const material = /^\/api\/[a-z][a-z0-9-]*\/materials\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The address of a picture if it may be loaded (`data:`, `/assets/` or a material), otherwise null. A picture on another site would reveal
 * readers to that site, and other addresses of the portal would be requested with the reader's session.
 */
function pictureAddress(image: HTMLImageElement): string | null {
  const source = image.getAttribute('src') ?? '';
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,/i.test(source)) return source;
  // Resolve it as the browser does, because `/assets/../api` is not below `/assets/`.
  const url = URL.canParse(source, location.origin) ? new URL(source, location.origin) : null;
  if (url === null || url.origin !== location.origin) return null;
  return /^\/assets\/[^/]/.test(url.pathname) || material.test(url.pathname) ? url.pathname : null;
}

/** More emphasis marks in a block than any author uses; the parser's time grows with the square of their number. */
const mostEmphasis = 1_500;
const deepestIndent = 120;

/** The HTML of a text; null if parsing would block the page, or the nesting exceeds the parser's stack. */
function parsed(source: string): string | null {
  if (new RegExp(`^(?:[ \\t>*+-]|\\d+[.)]){${deepestIndent}}`, 'm').test(source)) return null;
  for (const block of source.split(/\n[ \t]*\n/)) if ((block.match(/\*+|_+/g)?.length ?? 0) > mostEmphasis) return null;
  try {
    return marked.parse(source) as string;
  } catch {
    return null;
  }
}

function plain(source: string): DocumentFragment {
  const text = document.createElement('pre');
  text.textContent = source;
  const fragment = document.createDocumentFragment();
  fragment.append(text);
  return fragment;
}

/** Renders Markdown to a fragment that is safe to show. Keeps harmless raw HTML. */
export function safeMarkdown(source: string, options: MarkdownOptions): DocumentFragment {
  purifier ??= createDOMPurify(window);
  // A template's document loads and runs nothing; only sanitised nodes are taken from it.
  const root = document.createElement('template').content.ownerDocument.createElement('div');
  const html = parsed(source);
  if (html === null) return plain(source);
  root.innerHTML = html;
  // Find these pictures first, because the sanitiser removes the addresses of some of them.
  const elsewhere = new WeakSet(
    [...root.querySelectorAll('img')].filter(({ attributes }) => isElsewhere(attributes.getNamedItem('src')?.value)),
  );
  purifier.sanitize(root, ALLOWED);
  keepFormulasSmall(root);
  leaveOutPictures(root, (image) => options.pictureLeftOut(image.alt, elsewhere.has(image) ? 'elsewhere' : 'missing'));
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

function keepFormulasSmall(root: Element): void {
  for (const element of root.querySelectorAll('math, math *')) {
    element.removeAttribute('href');
    for (const name of MATHML_LENGTHS) {
      if (!smallLength.test(element.getAttribute(name) ?? '')) element.removeAttribute(name);
    }
  }
}

/** Whether an address has a host or a scheme: `https://…`, `//…`, `data:…`. */
const isElsewhere = (source = ''): boolean => /^[\s\\/]*(?:[a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(source);

function leaveOutPictures(root: Element, words: (image: HTMLImageElement) => string): void {
  for (const image of root.querySelectorAll('img')) {
    const address = pictureAddress(image);
    if (address !== null) {
      image.setAttribute('src', address);
      image.loading = 'lazy';
      continue;
    }
    const note = document.createElement('span');
    note.className = 'left-out';
    note.textContent = words(image);
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
