import { Parser, type Quad } from 'n3';

export interface TurtleFile {
  /** As the user named it; used in messages. */
  name: string;
  text: string;
}

/** A file that is no Turtle; the message names file, line and what is wrong. */
export class TurtleError extends Error {
  constructor(
    readonly file: string,
    /** From 1; null when the parser cannot tell. */
    readonly line: number | null,
    readonly fault: string,
  ) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${fault}`);
    this.name = 'TurtleError';
  }
}

/** Parses a Turtle document (RDF 1.1 Turtle). Blank nodes of different documents never meet. */
export function parseTurtle({ name, text }: TurtleFile): Quad[] {
  try {
    return new Parser({ format: 'text/turtle' }).parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { message, context } = error as Error & { context?: { line?: number } };
    const fault = message.replace(/ on line \d+\.?$/, '').replace(/\.$/, '');
    throw new TurtleError(name, context?.line ?? null, `${fault}.`);
  }
}

/** Decodes a file's bytes; Turtle is UTF-8 (RDF 1.1 Turtle §5). */
export function decodeTurtle(name: string, bytes: Uint8Array): TurtleFile {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw new TurtleError(name, null, 'It is not UTF-8 text. Save the file as UTF-8.');
  }
}
