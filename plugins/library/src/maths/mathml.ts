import { createRequire } from 'node:module';
import type katexModule from 'katex';

const require = createRequire(import.meta.url);
/** Loaded with the first formula, since it would make each start slower. */
let katex: typeof katexModule | undefined;

/** Number of cached formulas. A class that opens the same step then waits only once. */
const kept = 2_000;
const ready = new Map<string, string | null>();

/**
 * Converts TeX to MathML Core, which browsers render and read out without a script, style sheet or font. Text in it is encoded as character
 * references, so that Markdown does not change it. Returns null for invalid TeX.
 *
 * KaTeX runs without `trust` (no links, pictures, classes or raw HTML). Formulas that define macros are refused, because a few lines could
 * expand to megabytes.
 */
export function mathMl(tex: string, display: boolean): string | null {
  const key = `${display ? 'd' : 'i'}${tex}`;
  let found = ready.get(key);
  if (found === undefined) {
    found = drawn(tex, display);
    if (ready.size >= kept) ready.delete(ready.keys().next().value as string);
  } else ready.delete(key);
  ready.set(key, found);
  return found;
}

const longest = 100_000;
/** Huge lengths, which would move the formula off the page. */
const hugeLength = /\s[a-z]+="-?\d{3,}[^"]*"/g;

const definition = /\\(?:[gex]?def|let|futurelet|global|long|(?:re)?newcommand|providecommand)(?![A-Za-z])/;

function drawn(tex: string, display: boolean): string | null {
  if (definition.test(tex)) return null;
  let markup: string;
  try {
    katex ??= require('katex') as typeof katexModule;
    markup = katex.renderToString(tex, {
      displayMode: display,
      output: 'mathml',
      throwOnError: true,
      strict: 'ignore',
      trust: false,
      maxExpand: 200,
      maxSize: 10,
    });
  } catch {
    // Invalid TeX, or braces nested so deep that KaTeX overflows the stack.
    return null;
  }
  const inner = /<semantics>([\s\S]*)<annotation /.exec(markup)?.[1];
  if (inner === undefined || inner.length > longest) return null;
  const small = inner.replace(hugeLength, '');
  const text = small.replace(/>([^<>]+)</g, (_, words: string) => `>${references(words)}<`);
  return `<math${display ? ' display="block"' : ''}>${text}</math>`;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };

const references = (escaped: string): string =>
  escaped
    .replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] as string)
    .replace(/\s+/g, ' ')
    .replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
