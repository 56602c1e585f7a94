import { normaliseText } from './normalise-text.js';
import { scan } from './parser.js';

const stringConstant = /^(?:[bBxXeEnN]|[uU]&)?'/;
const numberTokens = new Set(['ICONST', 'FCONST']);
const commentTokens = new Set(['C_COMMENT', 'SQL_COMMENT']);

const LONGEST = 2_000;
const REMEMBERED = 500;
const known = new Map<string, string>();

/**
 * A SQL text for the log, on one line: string and number constants become `?` and comments are removed, since either may contain personal
 * data. Lists of parameters are shortened, and so are texts longer than 2000 characters. PostgreSQL's own scanner finds the constants.
 */
export function withoutConstants(sql: string): string {
  // Most texts are sent repeatedly.
  const text = normaliseText(sql);
  let shown = known.get(text);
  if (shown === undefined) {
    shown = clean(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, shown);
  }
  return shown;
}

function clean(sql: string): string {
  const bytes = Buffer.from(sql);
  let shown = '';
  let end = 0;
  try {
    for (const token of scan(sql)) {
      const gap = bytes.subarray(end, token.start).toString();
      end = token.end;
      // A comment separates words as a space does.
      if (/\s/.test(gap) || commentTokens.has(token.tokenName)) shown = shown.trimEnd() + (shown === '' ? '' : ' ');
      if (commentTokens.has(token.tokenName)) continue;
      shown += isConstant(token) ? '?' : token.text;
    }
  } catch {
    return '(not readable as SQL)';
  }
  shown = shown.trimEnd();
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** A dollar-quoted string starts like a parameter. */
const isConstant = ({ text, tokenName }: { text: string; tokenName: string }): boolean =>
  numberTokens.has(tokenName) || stringConstant.test(text) || (text.startsWith('$') && tokenName !== 'PARAM');
