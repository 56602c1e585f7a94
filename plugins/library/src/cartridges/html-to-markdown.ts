import { type DefaultTreeAdapterMap, parse, serializeOuter } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** What a text loses. */
export type Loss = 'interactive' | 'media' | 'picture' | 'file-link' | 'too-deep';

export interface Surroundings {
  /** The address of a picture to show; null if it is lost. */
  pictureOf(src: string): string | null;
  /** The address of a link that leads out of the cartridge; null if it is lost. */
  linkTo(href: string): string | null;
  lose(loss: Loss): void;
}

const gone = new Set(['script', 'style', 'noscript', 'template', 'head', 'title', 'svg']);
const interactive = new Set(['iframe', 'object', 'embed', 'form', 'canvas', 'applet']);
const media = new Set(['video', 'audio']);
const marks: Record<string, string> = { strong: '**', b: '**', em: '*', i: '*', del: '~~', s: '~~' };
const blocks = new Set(
  'address article aside blockquote body dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table ul'.split(
    ' ',
  ),
);
const deepest = 60;

/**
 * A page of HTML as Markdown: headings, paragraphs, lists, tables, emphasis, links, pictures, and formulas in MathML, in TeX between `\( … \)`
 * or as pictures with their TeX (`data-equation-content`).
 */
export function markdownOf(html: string, around: Surroundings): string {
  return new Writer(around).blocks(parse(html), 0).join('\n\n').trim();
}

class Writer {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The blocks in a node, each as Markdown. Text between blocks is a paragraph. */
  blocks(node: Node, depth: number): string[] {
    if (depth > deepest) {
      this.#around.lose('too-deep');
      return [];
    }
    const written: string[] = [];
    let line: Node[] = [];
    const endLine = () => {
      const text = this.inline(line, depth).trim();
      if (text !== '') written.push(guarded(text));
      line = [];
    };
    for (const child of childrenOf(node)) {
      if (!holdsBlocks(child)) {
        line.push(child);
        continue;
      }
      endLine();
      written.push(...this.#block(child as Element, depth + 1));
    }
    endLine();
    return written;
  }

  #block(element: Element, depth: number): string[] {
    const { tagName } = element;
    if (/^h[1-6]$/.test(tagName)) {
      const text = this.inline(element.childNodes, depth).trim();
      return text === '' ? [] : [`${'#'.repeat(Number(tagName[1]))} ${text.replaceAll('\n', ' ')}`];
    }
    if (tagName === 'hr') return ['---'];
    if (tagName === 'pre') return [fenced(textOf(element))];
    if (tagName === 'blockquote') return [indented(this.blocks(element, depth).join('\n\n'), '> ', '> ')];
    if (tagName === 'ul' || tagName === 'ol') return this.#list(element, depth);
    if (tagName === 'table') return this.#table(element, depth);
    return this.blocks(element, depth);
  }

  #list(element: Element, depth: number): string[] {
    const items = element.childNodes.filter((child) => isElement(child) && child.tagName === 'li');
    const written = items.map((item, n) => {
      const mark = element.tagName === 'ol' ? `${n + 1}. ` : '- ';
      return indented(this.blocks(item, depth).join('\n\n'), mark, ' '.repeat(mark.length));
    });
    return written.length === 0 ? [] : [written.join('\n')];
  }

  /** A table of GitHub's Markdown, whose first row is the header. */
  #table(element: Element, depth: number): string[] {
    const rows = descendants(element, 'tr').map((row) =>
      row.childNodes
        .filter((cell) => isElement(cell) && (cell.tagName === 'td' || cell.tagName === 'th'))
        .map((cell) =>
          this.blocks(cell, depth)
            .join(' ')
            .replace(/\s*\n\s*/g, ' '),
        ),
    );
    const width = Math.max(0, ...rows.map((row) => row.length));
    const [header, ...others] = rows;
    if (header === undefined || width === 0) return [];
    const line = (cells: string[]) => `| ${Array.from({ length: width }, (_, n) => cells[n] ?? '').join(' | ')} |`;
    return [[line(header), line(Array.from({ length: width }, () => '---')), ...others.map(line)].join('\n')];
  }

  inline(nodes: readonly Node[], depth: number): string {
    if (depth > deepest) {
      this.#around.lose('too-deep');
      return '';
    }
    return nodes.map((node) => this.#inlineOf(node, depth)).join('');
  }

  #inlineOf(node: Node, depth: number): string {
    if (node.nodeName === '#text') return plain((node as DefaultTreeAdapterMap['textNode']).value);
    if (!isElement(node) || gone.has(node.tagName)) return '';
    const { tagName, childNodes } = node;
    if (interactive.has(tagName) || media.has(tagName)) {
      this.#around.lose(media.has(tagName) ? 'media' : 'interactive');
      return '';
    }
    if (tagName === 'br') return '\\\n';
    if (tagName === 'math') return serializeOuter(node).replace(/\s+/g, ' ');
    if (tagName === 'img') return this.#picture(node);
    const text = this.inline(childNodes, depth + 1);
    if (tagName === 'code') return text.trim() === '' ? '' : code(textOf(node));
    if (tagName === 'a') return this.#link(node, text);
    if (tagName === 'sub' || tagName === 'sup' || tagName === 'u') return `<${tagName}>${text}</${tagName}>`;
    const mark = marks[tagName];
    if (mark === undefined || text.trim() === '') return text;
    // White space inside the marks would make them text.
    const [, before = '', inside = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
    return `${before}${mark}${inside}${mark}${after}`;
  }

  #picture(element: Element): string {
    const tex = attribute(element, 'data-equation-content');
    if (tex !== null) return `\\\\(${escaped(tex)}\\\\)`;
    const address = this.#around.pictureOf(attribute(element, 'src') ?? '');
    const alt = escaped((attribute(element, 'alt') ?? '').replace(/\s+/g, ' ').trim());
    if (address !== null) return `![${alt}](${address})`;
    this.#around.lose('picture');
    return alt;
  }

  #link(element: Element, text: string): string {
    const href = attribute(element, 'href');
    if (href === null || href.startsWith('#')) return text;
    const address = this.#around.linkTo(href);
    if (address === null) {
      this.#around.lose('file-link');
      return text;
    }
    return text.trim() === '' ? '' : `[${text.trim()}](<${address.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  }
}

const isElement = (node: Node): node is Element => 'tagName' in node;
const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);
const attribute = (element: Element, name: string): string | null =>
  element.attrs.find((each) => each.name === name)?.value ?? null;

/** Whether a node is a block, or wraps one, as a `<span>` may. */
const holdsBlocks = (node: Node, depth = 0): boolean =>
  isElement(node) &&
  !gone.has(node.tagName) &&
  (blocks.has(node.tagName) || (depth < 8 && node.childNodes.some((child) => holdsBlocks(child, depth + 1))));

function descendants(element: Element, tagName: string): Element[] {
  return element.childNodes.flatMap((child) =>
    !isElement(child) ? [] : child.tagName === tagName ? [child] : child.tagName === 'table' ? [] : descendants(child, tagName),
  );
}

const textOf = (node: Node): string =>
  node.nodeName === '#text' ? (node as DefaultTreeAdapterMap['textNode']).value : childrenOf(node).map(textOf).join('');

const formula = /\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$(.{1,2000}?)\$\$/gs;

/** Text with its formulas in TeX; everything else is shown as written. */
function plain(text: string): string {
  let written = '';
  let at = 0;
  for (const { 0: whole, 1: inline, 2: bracket, 3: dollars, index } of text.matchAll(formula)) {
    written += escaped(text.slice(at, index).replace(/\s+/g, ' '));
    const tex = escaped((inline ?? bracket ?? dollars ?? '').replace(/\s+/g, ' '));
    written += inline === undefined ? `\\\\[${tex}\\\\]` : `\\\\(${tex}\\\\)`;
    at = index + whole.length;
  }
  return written + escaped(text.slice(at).replace(/\s+/g, ' '));
}

/** CommonMark 0.31, section 2.4. Parentheses stay, because `\\(` begins a formula. */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>|~&$]/g, '\\$&');

/** A paragraph that begins like a heading, a list or a rule is still a paragraph. */
const guarded = (text: string): string =>
  text
    .replace(/^([#+=-]|\d+(?=[.)]))/gm, (start) => (/\d/.test(start) ? start : `\\${start}`))
    .replace(/^(\d+)([.)])/gm, '$1\\$2');

const indented = (text: string, first: string, others: string): string =>
  text
    .split('\n')
    .map((line, n) => (n === 0 ? first : line === '' ? others.trimEnd() : others) + line)
    .join('\n');

function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence} ${text.replace(/\s+/g, ' ')} ${fence}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}
