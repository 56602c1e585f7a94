import createDOMPurify, { type WindowLike } from 'dompurify';
import { JSDOM } from 'jsdom';
import { limits } from './limits.js';

/** A picture of the mail that its HTML may show. */
export interface InlinePicture {
  id: string;
  name: string;
  type: string;
  bytes: Uint8Array;
}

const pictureTypes = new Map([
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
]);
const isPicture = ({ type, bytes }: InlinePicture): boolean =>
  bytes.byteLength <= limits.pictureBytes && pictureTypes.get(type)?.every((byte, at) => bytes[at] === byte) === true;

const forbidden = [
  ...['style', 'form', 'input', 'button', 'select', 'option', 'optgroup', 'textarea', 'fieldset', 'label', 'output', 'dialog'],
  ...['video', 'audio', 'source', 'track', 'picture', 'map', 'area', 'base', 'link', 'meta', 'template', 'slot', 'noscript'],
  ...['svg', 'math', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'canvas', 'marquee', 'xmp', 'plaintext'],
];
const forbiddenAttributes = [
  ...['style', 'class', 'id', 'name', 'srcset', 'background', 'poster', 'ping', 'target', 'action', 'formaction', 'usemap'],
  ...['slot', 'part', 'is', 'tabindex', 'accesskey', 'contenteditable', 'autofocus', 'popover', 'xlink:href', 'longdesc', 'cite'],
];

/** Makes the HTML of mails safe: nothing in it runs, and nothing is loaded from elsewhere. One of these serves one thread. */
export class HtmlCleaner {
  readonly #window = new JSDOM('').window;
  readonly #purify = createDOMPurify(this.#window as unknown as WindowLike);
  #pictures: readonly InlinePicture[] = [];
  #shown = new Set<InlinePicture>();

  constructor() {
    this.#purify.addHook('beforeSanitizeAttributes', (node) => {
      if (node.nodeName === 'IMG') this.#resolve(node);
    });
    this.#purify.addHook('afterSanitizeAttributes', (node) => {
      const href = node.getAttribute('href');
      if (href !== null && (node.nodeName !== 'A' || !/^(?:https?:|mailto:)/i.test(href))) node.removeAttribute('href');
      if (node.nodeName === 'A' && node.hasAttribute('href')) {
        node.setAttribute('rel', 'noopener noreferrer');
        node.setAttribute('target', '_blank');
      }
      const source = node.getAttribute('src');
      if (source !== null && (node.nodeName !== 'IMG' || !/^data:image\/(?:png|jpeg|gif);base64,/.test(source)))
        node.removeAttribute('src');
    });
  }

  /**
   * @returns the clean HTML, its text with quotes marked by `> `, and the pictures that it shows, each at its first reference; others remain
   *   attachments
   */
  clean(html: string, pictures: readonly InlinePicture[]): { html: string; text: string; shown: Set<InlinePicture> } {
    this.#pictures = pictures.filter(isPicture);
    this.#shown = new Set();
    const body = this.#purify.sanitize(html, {
      USE_PROFILES: { html: true },
      FORBID_TAGS: forbidden,
      FORBID_ATTR: forbiddenAttributes,
      ALLOW_DATA_ATTR: false,
      ALLOW_ARIA_ATTR: false,
      RETURN_DOM: true,
    }) as unknown as HTMLElement;
    return { html: body.innerHTML, text: textOf(body), shown: this.#shown };
  }

  /** The picture with this Content-ID (RFC 2392) or name, as a data URL; other addresses are taken away. */
  #resolve(node: Element): void {
    const source = node.getAttribute('src') ?? '';
    node.removeAttribute('src');
    const id = /^cid:(.+)$/i.exec(source.trim())?.[1];
    const wanted = id === undefined ? null : decoded(id);
    const found = this.#pictures.find((each) =>
      wanted === null ? each.name !== '' && each.name === source.trim() : each.id === wanted,
    );
    if (found === undefined) return;
    const used = [...this.#shown].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    if (!this.#shown.has(found) && used + found.bytes.byteLength > limits.picturesBytes) return;
    // A picture that is shown a hundred times would be a hundred copies.
    if (this.#shown.has(found)) return;
    this.#shown.add(found);
    node.setAttribute('src', `data:${found.type};base64,${Buffer.from(found.bytes).toString('base64')}`);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const blocks = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE CENTER DD DETAILS DIV DL DT FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TR UL'.split(
    ' ',
  ),
);

/** The text of clean HTML: a line for each block, list items with a dash, quotes with `> `, and addresses of links that the text hides. */
export function textOf(root: HTMLElement): string {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const end = (): void => {
    const text = line.trim();
    line = '';
    if (text === '' && (lines.length === 0 || lines.at(-1)?.replace(/^[> ]+/, '') === '')) return;
    lines.push(depth > 0 ? `${'> '.repeat(Math.min(depth, 20))}${text}`.trimEnd() : text);
  };
  const endStarted = (): void => {
    if (line.trim() !== '') end();
  };
  // Without recursion: markup may be nested more deeply than a call stack.
  const stack: { node: Node; leaving: boolean }[] = [{ node: root, leaving: false }];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const { node, leaving } = step;
    const name = node.nodeName;
    if (node.nodeType === 3) {
      line += (node.textContent ?? '').replace(/[ \t\r\n\f]+/g, ' ');
      continue;
    }
    if (node.nodeType !== 1) continue;
    if (!leaving) {
      if (name === 'BR') {
        end();
        continue;
      }
      if (name === 'IMG') {
        const alt = (node as Element).getAttribute('alt') ?? '';
        if (alt !== '') line += `[${alt}]`;
        continue;
      }
      if (blocks.has(name)) endStarted();
      if (name === 'LI') line += '- ';
      if (name === 'BLOCKQUOTE') depth++;
      stack.push({ node, leaving: true });
      for (let child = node.lastChild; child !== null; child = child.previousSibling) stack.push({ node: child, leaving: false });
      continue;
    }
    if (name === 'TD' || name === 'TH') line += '\t';
    if (name === 'A') {
      const href = (node as Element).getAttribute('href') ?? '';
      const shown = node.textContent?.trim() ?? '';
      if (/^https?:/i.test(href) && shown !== href) line += ` <${href}>`;
    }
    if (blocks.has(name)) endStarted();
    if (name === 'BLOCKQUOTE') depth--;
    if (['P', 'BLOCKQUOTE', 'TABLE', 'UL', 'OL'].includes(name)) end();
  }
  endStarted();
  return lines.join('\n').trim();
}
