import { EventEmitter } from 'node:events';
import { Yielder } from '@ilearn/core';
import type { Quad } from 'n3';

export interface TurtleFile {
  /** File name as given by the user, for messages. */
  name: string;
  text: string;
}

/** A syntax error in a file; the message names file, line and cause. */
export class TurtleError extends Error {
  constructor(
    readonly file: string,
    /** From 1; null if the parser does not know. */
    readonly line: number | null,
    readonly fault: string,
  ) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${fault}`);
    this.name = 'TurtleError';
  }
}

/** Number of characters that are parsed before yielding to other work: a few milliseconds. */
const piece = 16_384;

/**
 * Parses a Turtle document (RDF 1.1 Turtle). Blank nodes of different documents stay distinct.
 *
 * @throws TurtleError
 */
export async function parseTurtle({ name, text }: TurtleFile): Promise<Quad[]> {
  // Loaded when first needed: only an import of a curriculum does.
  const { Parser } = await import('n3');
  const quads: Quad[] = [];
  const source = new EventEmitter();
  let fault: unknown;
  try {
    new Parser({ format: 'text/turtle' }).parse(source as never, (error, quad) => {
      if (error) fault ??= error;
      else if (quad) quads.push(quad);
    });
    const yielder = new Yielder();
    const document = text.replace(/^\uFEFF/, '');
    for (let at = 0; at < document.length && fault === undefined; at += piece) {
      source.emit('data', document.slice(at, at + piece));
      await yielder.yield();
    }
    if (fault === undefined) source.emit('end');
    if (fault !== undefined) throw fault;
    return quads;
  } catch (error) {
    const { message, context } = error as Error & { context?: { line?: number } };
    const words = message.replace(/ on line \d+\.?$/, '').replace(/\.$/, '');
    throw new TurtleError(name, context?.line ?? null, `${words}.`);
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
