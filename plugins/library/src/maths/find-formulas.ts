/** A formula in a Markdown text, with its delimiters at `start` to `end`. */
export interface Formula {
  start: number;
  end: number;
  tex: string;
  /** Whether it is displayed on its own line. */
  display: boolean;
}

/** Maximum length of a formula in characters; longer ones are left as written. */
const maxTex = 2_000;

/** Code fences, runs of backticks and delimiters of formulas. An escaped character is not a delimiter. */
const marks = /^ {0,3}(?:`{3,}|~{3,})|`+|\\\\[()[\]]|\\[\s\S]|\$\$?/gm;

const closers: Readonly<Record<string, string>> = { '\\\\(': '\\\\)', '\\\\[': '\\\\]', $: '$', $$: '$$' };

interface Mark {
  at: number;
  end: number;
  text: string;
  /** Index of the closing mark. */
  closedBy: number | undefined;
}

/**
 * Finds the TeX formulas of a Markdown text: `\\( … \\)`, `\\[ … \\]` and `$$ … $$`, the delimiters of MathJax with Markdown's escaping,
 * and `$ … $` if it cannot be an amount of money: no space inside the dollars, no digit after them (the rule of Pandoc's
 * `tex_math_dollars`), on one line, and with a TeX character or a single letter between them. Code is skipped. Takes linear time.
 */
export function findFormulas(markdown: string): Formula[] {
  const found = marksOf(markdown);
  const formulas: Formula[] = [];
  for (let index = 0; index < found.length; index += 1) {
    const open = found[index] as Mark;
    if (isFence(open.text)) {
      index = endOfFence(found, index);
      continue;
    }
    if (open.closedBy === undefined) continue;
    const close = found[open.closedBy] as Mark;
    if (open.text.startsWith('`')) {
      index = open.closedBy;
      continue;
    }
    const tex = markdown.slice(open.end, close.at);
    if (!isFormula(tex, open.text)) continue;
    const display = open.text === '\\\\[' || open.text === '$$';
    formulas.push({ start: open.at, end: close.end, tex: open.text.startsWith('$') ? tex : unescaped(tex), display });
    index = open.closedBy;
  }
  return formulas;
}

/**
 * A forward pass finds the marks, and a backward pass finds the nearest closing mark of each, so that unclosed marks cost no extra time.
 */
function marksOf(markdown: string): Mark[] {
  const found: Mark[] = [];
  for (const { 0: text, index } of markdown.matchAll(marks)) {
    if (/^\\(?!\\[()[\]])/.test(text)) continue;
    found.push({ at: index, end: index + text.length, text, closedBy: undefined });
  }
  const later = new Map<string, number>();
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const mark = found[index] as Mark;
    const closer = mark.text.startsWith('`') ? mark.text : closers[mark.text];
    mark.closedBy = closer === undefined ? undefined : later.get(closer);
    if (mark.text !== '$' || (/\S/.test(markdown[mark.at - 1] ?? ' ') && !/\d/.test(markdown[mark.end] ?? ''))) {
      later.set(mark.text, index);
    }
  }
  return found;
}

const isFence = (text: string): boolean =>
  /^ {0,3}(?:`{3,}|~{3,})$/.test(text) && (text.trim().length >= 3 || text.startsWith(' '));

function endOfFence(found: readonly Mark[], from: number): number {
  const fence = (found[from] as Mark).text.trim();
  const at = found.findIndex(({ text }, index) => index > from && isFence(text) && text.trim().startsWith(fence));
  return at === -1 ? found.length : at;
}

function isFormula(tex: string, open: string): boolean {
  if (tex.trim() === '' || tex.length > maxTex || /\n[ \t]*\n/.test(tex)) return false;
  return open !== '$' || (/^\S[^\n]*$/.test(tex) && (/[\\^_=<>]/.test(tex) || /^\p{L}['′]*$/u.test(tex)));
}

/**
 * Undoes Markdown's escaping of a backslash, for example `\\{` to `\{`. A double backslash before a space or digit is kept, because it
 * starts a new row in TeX.
 */
const unescaped = (tex: string): string => tex.replace(/\\\\(?=[^\s\d])/g, '\\');
