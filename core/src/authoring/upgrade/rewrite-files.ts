import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A line that an upgrade changed. */
export interface ChangedLine {
  file: string;
  line: number;
  before: string;
  after: string;
}

/** What an upgrade makes of the text of a file; it may not add or remove lines. */
export interface Rewrites {
  code(text: string): string;
  messages(text: string): string;
}

const skipped = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** Rewrites the source files and messages of a plugin's folder. */
export function rewriteFiles(folder: string, { code, messages }: Rewrites): ChangedLine[] {
  const changed: ChangedLine[] = [];
  for (const path of filesIn(folder)) {
    const text = readFileSync(path, 'utf8');
    const rewritten = path.endsWith('.json') ? messages(text) : code(text);
    if (rewritten === text) continue;
    writeFileSync(path, rewritten);
    const [before, after] = [text.split('\n'), rewritten.split('\n')];
    for (const [index, line] of before.entries()) {
      const now = after[index] ?? '';
      if (now !== line) changed.push({ file: relative(folder, path), line: index + 1, before: line.trim(), after: now.trim() });
    }
  }
  return changed;
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesIn(path);
    else if (entry.isFile() && (/\.[cm]?[jt]sx?$/.test(entry.name) || /^(?:nl|en|fr)\.json$/.test(entry.name))) yield path;
  }
}
