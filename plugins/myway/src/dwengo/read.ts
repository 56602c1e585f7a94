import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '@ilearn/core';
import { type Fault, ImportRefused, type Remark } from './fault.js';
import { duplicateFaults, type LearningObject, type LeftOutObject, readObject } from './objects.js';
import { type LearningPath, readPath } from './paths.js';

/** Everything that a folder holds, checked; nothing is stored yet. */
export interface DwengoContent {
  objects: LearningObject[];
  paths: LearningPath[];
  /** Records that are left out as a whole, with the reason. */
  leftOut: Remark[];
  remarks: Remark[];
  /** Paths whose picture is not stored. */
  pathPictures: number;
}

/**
 * Reads `<folder>/objects/*.md` and `<folder>/paths/*.json`.
 *
 * @throws ImportRefused with every fault of every file
 */
export async function readDwengo(folder: string): Promise<DwengoContent> {
  const faults: Fault[] = [];
  const remarks: Remark[] = [];
  const read: (LearningObject | LeftOutObject)[] = [];
  for (const { file, content } of await filesOf(folder, 'objects', '.md')) {
    const parsed = readObject(file, content);
    if ('faults' in parsed) faults.push(...parsed.faults);
    else {
      read.push(parsed.value.object);
      remarks.push(...parsed.value.remarks);
    }
  }
  faults.push(...duplicateFaults(read));

  const paths: LearningPath[] = [];
  let pathPictures = 0;
  for (const { file, content } of await filesOf(folder, 'paths', '.json')) {
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
  return { ...sound(read, paths), remarks, pathPictures };
}

/** A path is taken whole or not at all: one that needs an object that is not here is left out. */
function sound(read: readonly (LearningObject | LeftOutObject)[], paths: readonly LearningPath[]) {
  const objects = read.filter((each): each is LearningObject => 'record' in each);
  const leftOut: Remark[] = read.flatMap((each) => ('why' in each ? [{ file: each.file, message: each.why }] : []));
  const known = new Set(objects.map((each) => each.identity));
  const whole = paths.filter((path) => {
    const missing = path.objects.filter((identity) => !known.has(identity));
    if (missing.length > 0) leftOut.push({ file: path.file, message: `it needs ${missing.join(', ')}, which was not imported` });
    return missing.length === 0;
  });
  return { objects, paths: whole, leftOut };
}

async function filesOf(folder: string, name: string, ending: string): Promise<{ file: string; content: string }[]> {
  let names: string[];
  try {
    names = await readdir(join(folder, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new CommandError(
      `${folder} holds no folder "${name}". Give the folder that has "objects" (*.md) and "paths" (*.json) in it.`,
    );
  }
  const wanted = names.filter((each) => each.endsWith(ending)).sort();
  return Promise.all(
    wanted.map(async (each) => ({ file: `${name}/${each}`, content: await readFile(join(folder, name, each), 'utf8') })),
  );
}
