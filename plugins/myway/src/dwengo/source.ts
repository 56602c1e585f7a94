import { createRequire } from 'node:module';
import type { Document } from 'yaml';
import type { z } from 'zod';
import type { Fault } from './fault.js';

const require = createRequire(import.meta.url);
/** Loaded with the first file, since it would make each start slower. */
const yaml = () => require('yaml') as typeof import('yaml');

/** Maximum length of front matter in characters. */
const longestHead = 5_000;
/** For longer texts, the YAML parser is too slow to find the line of a fault. */
const longestForLines = 10_000;

/** A parsed file, or its faults. */
export type Parsed<T> = { value: T } | { faults: Fault[] };

const frontMatter = /^\uFEFF?---[ \t]*\r?\n((?:[\s\S]*?\r?\n)?)---[ \t]*(?:\r?\n|$)/;

/** Parses Markdown with YAML front matter and validates it. Line numbers refer to the file. */
export function parseFrontMatter<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): Parsed<{ head: z.output<S>; body: string }> {
  const found = frontMatter.exec(text);
  if (found === null) {
    const message = /^\uFEFF?---/.test(text)
      ? 'the front matter does not end: a line with only --- is missing'
      : 'no front matter: the file must begin with a line ---';
    return { faults: [{ file, line: 1, message }] };
  }
  if ((found[1] ?? '').length > longestHead)
    return { faults: [{ file, line: 2, message: `the front matter is longer than ${longestHead} characters` }] };
  const { LineCounter, parseDocument } = yaml();
  const counter = new LineCounter();
  const document = parseDocument(found[1] ?? '', { lineCounter: counter, prettyErrors: false });
  const lineOf = (offset: number): number => counter.linePos(offset).line + 1;
  if (document.errors.length > 0) {
    return {
      faults: document.errors.map(({ message, pos }) => ({ file, line: lineOf(pos[0]), message: `front matter: ${message}` })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return { faults: [{ file, line: 2, message: `front matter: ${firstLine(error)}` }] };
  }
  const head = check(file, document, value, schema, lineOf);
  return 'faults' in head ? head : { value: { head: head.value, body: text.slice(found[0].length) } };
}

/** Parses and validates JSON. */
export function parseJson<S extends z.ZodType>(file: string, text: string, schema: S): Parsed<z.output<S>> {
  const source = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return {
      faults: [{ file, line: lineOfSyntaxError(source, error as SyntaxError), message: `invalid JSON: ${firstLine(error)}` }],
    };
  }
  const checked = schema.safeParse(value);
  if (checked.success) return { value: checked.data };
  // Use the YAML parser to find the positions of values, since JSON is YAML 1.2. Long texts such as pictures are emptied first.
  const { LineCounter, parseDocument } = yaml();
  const counter = new LineCounter();
  const short = source.replace(/"[^"\\\n]{200,}"/g, '""');
  if (short.length > longestForLines) return check(file, null, value, schema, () => null);
  const document = parseDocument(short, { lineCounter: counter, prettyErrors: false });
  return check(file, document, value, schema, (offset) => counter.linePos(offset).line);
}

function check<S extends z.ZodType>(
  file: string,
  document: Document.Parsed | null,
  value: unknown,
  schema: S,
  lineOf: (offset: number) => number | null,
): Parsed<z.output<S>> {
  const checked = schema.safeParse(value);
  if (checked.success) return { value: checked.data };
  return {
    faults: checked.error.issues.map(({ path, message }) => ({
      file,
      line: lineOf(document === null ? 0 : offsetOf(document, path)),
      message: path.length === 0 ? message : `${path.join('.')}: ${message}`,
    })),
  };
}

/** Offset of the value at this path, or of the nearest value that contains it. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** V8 gives an offset for most syntax errors in JSON; for others, the YAML parser finds the error. */
function lineOfSyntaxError(source: string, error: SyntaxError): number | null {
  const told = /at position (\d+)/.exec(error.message)?.[1];
  if (told !== undefined) return lineAt(source, Number(told));
  if (source.length > longestForLines) return null;
  const [found] = yaml().parseDocument(source, { schema: 'json', prettyErrors: false }).errors;
  return lineAt(source, found?.pos[0] ?? source.length);
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;

const firstLine = (error: unknown): string => (error as Error).message.replace(/\s+/g, ' ').slice(0, 160);
