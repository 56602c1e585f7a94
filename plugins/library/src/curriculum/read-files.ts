import { readFile } from 'node:fs/promises';
import { CommandError } from '@ilearn/core';
import type { Curriculum } from './model.js';
import { readSkos } from './skos.js';
import { decodeTurtle, parseTurtle, TurtleError } from './turtle.js';

/**
 * Reads Turtle files that complement each other.
 *
 * @throws CommandError naming the file, and the line where the Turtle is at fault
 */
export async function readFiles(names: readonly string[]): Promise<Curriculum> {
  const quads = [];
  for (const name of names) {
    try {
      quads.push(...parseTurtle(decodeTurtle(name, await readFile(name))));
    } catch (error) {
      if (error instanceof TurtleError) throw new CommandError(`${error.message} Nothing was stored.`);
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new CommandError(`${name} cannot be read: ${reasons[code] ?? code}. Nothing was stored.`);
    }
  }
  return readSkos(quads);
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name its .ttl files',
  EACCES: 'no permission',
};
