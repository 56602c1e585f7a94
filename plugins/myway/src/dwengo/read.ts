import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, Yielder } from '@ilearn/core';
import { assemble } from './embed.js';
import { type Fault, ImportRefused, type Remark } from './fault.js';
import {
  duplicateFaults,
  type LearningObject,
  type LeftOutObject,
  longestShown,
  type ReadObject,
  readObject,
  workOf,
} from './objects.js';
import { type LearningPath, readPath } from './paths.js';
import { readPicture } from './picture-file.js';

/** The checked content of a folder; nothing is stored yet. */
export interface DwengoContent {
  objects: LearningObject[];
  paths: LearningPath[];
  /** Records that are left out completely, with the reasons. */
  leftOut: Remark[];
  remarks: Remark[];
  /** Number of paths whose picture is not stored. */
  pathPictures: number;
}

/**
 * Reads the `.md` files in `<folder>/objects` and the `.json` files in `<folder>/paths`, including subfolders. Addresses of pictures are
 * relative to the `.md`.
 *
 * @throws ImportRefused with all faults of all files
 */
export async function readDwengo(folder: string): Promise<DwengoContent> {
  const faults: Fault[] = [];
  const remarks: Remark[] = [];
  const read: (ReadObject | LeftOutObject)[] = [];
  for await (const { file, content } of filesOf(folder, 'objects', '.md')) {
    const parsed = await readObject(file, content, (address) => readPicture(folder, file, address));
    if ('faults' in parsed) faults.push(...parsed.faults);
    else {
      read.push(parsed.value.object);
      remarks.push(...parsed.value.remarks);
    }
  }
  faults.push(...duplicateFaults(read));

  const paths: LearningPath[] = [];
  let pathPictures = 0;
  for await (const { file, content } of filesOf(folder, 'paths', '.json')) {
    const parsed = readPath(file, content);
    if ('faults' in parsed) faults.push(...parsed.faults);
    else {
      paths.push(parsed.value.path);
      remarks.push(...parsed.value.remarks);
      if (/"image"\s*:\s*"[^"]/.test(content)) pathPictures += 1;
    }
  }
  faults.push(...duplicateFaults(paths));
  if (faults.length > 0) throw new ImportRefused(faults);
  return { ...(await sound(read, paths, remarks)), remarks, pathPictures };
}

/**
 * Keeps the newest version of each object, even if a path or another object refers to an older one. Leaves out paths with a missing object.
 */
async function sound(read: readonly (ReadObject | LeftOutObject)[], paths: readonly LearningPath[], remarks: Remark[]) {
  const leftOut: Remark[] = read.flatMap((each) => ('why' in each ? [{ file: each.file, message: each.why }] : []));
  const newest = newestOf(read, leftOut);
  const objects: LearningObject[] = [];
  const yielder = new Yielder();
  for (const each of newest.values()) {
    // Texts with pictures may have megabytes.
    await yielder.yield();
    const { object, remarks: ofObject } = assemble(each, newest, longestShown);
    objects.push(object);
    remarks.push(...ofObject.map((message) => ({ file: each.file, message })));
  }
  const whole = paths.filter((path) => {
    const missing = path.objects.filter((identity) => !newest.has(workOf(identity)));
    if (missing.length > 0) leftOut.push({ file: path.file, message: `it needs ${missing.join(', ')}, which was not imported` });
    return missing.length === 0;
  });
  for (const { file, objects: named } of whole) {
    for (const identity of named) {
      const taken = newest.get(workOf(identity))?.identity;
      if (taken !== identity) remarks.push({ file, message: `it names ${identity}; ${taken} was taken` });
    }
  }
  return { objects, paths: whole, leftOut };
}

function newestOf(read: readonly (ReadObject | LeftOutObject)[], leftOut: Remark[]): Map<string, ReadObject> {
  const newest = new Map<string, ReadObject>();
  for (const object of read) {
    if (!('record' in object)) continue;
    const other = newest.get(object.record.sourceId);
    const [older, newer] = other !== undefined && isNewer(other.version, object.version) ? [object, other] : [other, object];
    newest.set(newer.record.sourceId, newer);
    if (older !== undefined) leftOut.push({ file: older.file, message: `${newer.identity} is newer` });
  }
  return newest;
}

const byVersion = new Intl.Collator('en', { numeric: true });
const isNewer = (one: string, other: string): boolean => byVersion.compare(one, other) > 0;

/** Files open at once; a process may open about a thousand. */
const filesAtOnce = 32;
const mostFiles = 20_000;
const mostBytes = 4 * 1024 * 1024;

async function* filesOf(folder: string, name: string, ending: string): AsyncGenerator<{ file: string; content: string }> {
  let names: string[];
  try {
    names = await readdir(join(folder, name), { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new CommandError(
      `${folder}has no folder "${name}". Give the folder that has "objects" (*.md) and "paths" (*.json) in it.`,
    );
  }
  const wanted = names.filter((each) => each.endsWith(ending)).sort();
  if (wanted.length > mostFiles) {
    throw new CommandError(
      `${folder}/${name} contains ${wanted.length} files; at most ${mostFiles} are allowed. Import it in parts.`,
    );
  }
  for (let from = 0; from < wanted.length; from += filesAtOnce) {
    yield* await Promise.all(wanted.slice(from, from + filesAtOnce).map((each) => readOne(folder, `${name}/${each}`)));
  }
}

async function readOne(folder: string, file: string): Promise<{ file: string; content: string }> {
  const path = join(folder, file);
  const found = await stat(path);
  if (!found.isFile()) throw new CommandError(`${file} is not a file. Remove it from the folder.`);
  const { size } = found;
  if (size > mostBytes)
    throw new CommandError(`${file} is larger than ${mostBytes / 1024 / 1024} MB: it is not a learning object or path.`);
  return { file, content: await readFile(path, 'utf8') };
}
