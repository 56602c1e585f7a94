import { reachingOut } from './guard.js';
import { readStatements } from './sql-text.js';

const transactionControl =
  /^(?:begin|start|commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|prepare|execute|discard|reset|set(?!\s+constraints\b))\b/i;
const withBody = /^(?:do|create\s+(?:or\s+replace\s+)?(?:function|procedure))\b/i;
const headSettings = /\bset\s+(?:role|session|row_security|"?ilearn)\b/i;
const roleControl = /\b(?:set\s+(?:local\s+|session\s+)?(?:role|session|"?ilearn)|reset)\b/i;

/** What in a migration's SQL would leave its transaction, its role or its schools; null when nothing would. */
export function escapeIn(sql: string): string | null {
  for (const { words, strings } of readStatements(sql)) {
    const [leaving] = transactionControl.exec(words) ?? [];
    if (leaving !== undefined) return leaving;
    const [named] = reachingOut.exec([words, ...strings].join(' ')) ?? [];
    if (named !== undefined) return named;
    if (!withBody.test(words)) continue;
    const [setting] = headSettings.exec(words) ?? [];
    const inBody = setting ?? strings.map(escapeInBody).find((found) => found !== null);
    if (inBody !== undefined) return inBody;
  }
  return null;
}

/**
 * The same for the body of a function or DO block. SQL put together at run time cannot be judged, so `execute` is refused
 * with the rest.
 */
export function escapeInBody(body: string): string | null {
  for (const { words, strings } of readStatements(body)) {
    // `update … set role = …` is about a column.
    const [found] = roleControl.exec(words.replace(/\bupdate\b.*?\bset\b/gis, '')) ?? /\bexecute\b/i.exec(words) ?? [];
    if (found !== undefined) return found;
    const [named] = reachingOut.exec([words, ...strings].join(' ')) ?? [];
    if (named !== undefined) return named;
  }
  return null;
}
