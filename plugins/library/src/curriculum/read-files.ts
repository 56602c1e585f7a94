import { readFile, stat } from 'node:fs/promises';
import { CommandError } from '@ilearn/core';
import type { Quad } from 'n3';
import type { Curriculum } from './model.js';
import { readSkos } from './skos.js';
import { decodeTurtle, parseTurtle, TurtleError } from './turtle.js';

/**
 * Reads Turtle files that complement each other.
 *
 * @throws CommandError that names the file, and the line of a syntax error
 */
export async function readFiles(names: readonly string[]): Promise<Curriculum> {
  const quads: Quad[] = [];
  for (const name of names) {
    try {
      const { size } = await stat(name);
      if (size > mostBytes) throw new CommandError(`${name} is larger than ${mostBytes / 1024 / 1024} MB. Nothing was stored.`);
      for (const quad of await parseTurtle(decodeTurtle(name, await readFile(name)))) quads.push(quad);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      if (error instanceof TurtleError) throw new CommandError(`${error.message} Nothing was stored.`);
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new CommandError(`${name} cannot be read: ${reasons[code] ?? code}. Nothing was stored.`);
    }
  }
  return readSkos(quads);
}

/** Generous: all schemes of MyWay together have a few megabytes. */
const mostBytes = 16 * 1024 * 1024;

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name its .ttl files',
  EACCES: 'no permission',
};
