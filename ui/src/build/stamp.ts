import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';

/** The inputs of a build (file → SHA-256) and its outputs, so that an unchanged build can be skipped. */
interface Stamp {
  tool: string;
  inputs: Record<string, string>;
  outputs: string[];
}

async function digest(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch {
    return 'absent';
  }
}

const digests = async (files: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(files.map(async (file) => [file, await digest(file)] as const)));

/** Whether all inputs are unchanged and all outputs still exist. */
export async function isFresh(file: string, tool: string): Promise<boolean> {
  let stamp: Stamp;
  try {
    stamp = JSON.parse(await readFile(file, 'utf8')) as Stamp;
  } catch {
    return false;
  }
  if (stamp.tool !== tool) return false;
  const folder = dirname(file);
  const now = await digests(Object.keys(stamp.inputs).map((input) => resolve(folder, input)));
  if (!Object.entries(stamp.inputs).every(([input, hash]) => now[resolve(folder, input)] === hash)) return false;
  const results = await digests(stamp.outputs.map((output) => resolve(folder, output)));
  return Object.values(results).every((hash) => hash !== 'absent');
}

export async function writeStamp(file: string, tool: string, inputs: Iterable<string>, outputs: string[]): Promise<void> {
  const folder = dirname(file);
  const hashes = await digests([...new Set(inputs)]);
  const stamp: Stamp = {
    tool,
    inputs: Object.fromEntries(Object.entries(hashes).map(([input, hash]) => [relative(folder, input), hash])),
    outputs: outputs.map((output) => relative(folder, output)),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(stamp));
}
