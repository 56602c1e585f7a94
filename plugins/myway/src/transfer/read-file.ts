import { strFromU8, unzipSync } from 'fflate';
import { unacceptable } from '../problems.js';
import { type PathFile, pathFile, pathInCartridge } from './format.js';

/** Largest path in a file, in bytes. Nothing else of a cartridge is unpacked. */
const greatest = 16 * 1024 * 1024;

/**
 * The path in a JSON file or in a Common Cartridge that a portal like this made.
 *
 * @throws 422 that names the place of the first fault
 */
export function readPathFile(body: Uint8Array): PathFile {
  const parsed = pathFile.safeParse(parse(isZip(body) ? fromCartridge(body) : body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const pointer = `/${issue?.path.map(String).join('/') ?? ''}`;
  throw unacceptable('file-unreadable', pointer, `${pointer}: ${issue?.message ?? 'it is no learning path'}`);
}

const isZip = (body: Uint8Array): boolean => body[0] === 0x50 && body[1] === 0x4b;

function fromCartridge(body: Uint8Array): Uint8Array {
  let found: Uint8Array | undefined;
  try {
    found = unzipSync(body, { filter: ({ name, originalSize }) => name === pathInCartridge && originalSize <= greatest })[
      pathInCartridge
    ];
  } catch {
    throw unacceptable('file-unreadable', '', 'The zip file is damaged.');
  }
  if (found === undefined) throw unacceptable('file-unreadable', '', `The cartridge has no ${pathInCartridge}.`);
  return found;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strFromU8(bytes));
  } catch {
    throw unacceptable('file-unreadable', '', 'The file is no JSON.');
  }
}
