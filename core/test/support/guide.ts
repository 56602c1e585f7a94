import { readFileSync } from 'node:fs';

export type Step =
  | { kind: 'file'; name: string; text: string; line: number }
  | { kind: 'commands'; lines: string[]; line: number };

/**
 * The fenced blocks of a page that its reader performs: files (```ts src/index.ts) and commands (```sh). Excerpts of files of the repository
 * (```ts from examples/…) are not performed; whatever else is fenced is a fault.
 */
export function readSteps(file: string): Step[] {
  const page = readFileSync(file, 'utf8');
  const steps: Step[] = [];
  for (const { 1: language, 2: name, 3: text = '', index } of page.matchAll(/^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm)) {
    const line = page.slice(0, index).split('\n').length;
    if (name?.startsWith('from ')) continue;
    if (language === 'sh') steps.push({ kind: 'commands', lines: text.trim().split('\n'), line });
    else if (name) steps.push({ kind: 'file', name, text, line });
    else throw new Error(`${file} line ${line}: a block that is neither a file nor commands, so nobody runs it`);
  }
  return steps;
}

/** The excerpts of a page, each with the file that it is from, relative to the page. */
export function readExcerpts(file: string): { from: string; text: string }[] {
  const page = readFileSync(file, 'utf8');
  return [...page.matchAll(/^```\S+ from (\S+)\n([\s\S]*?)^```$/gm)].map(([, from = '', text = '']) => ({ from, text }));
}
