import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** A picture as a `data:` address, or why it is not shown. */
export type Picture = { data: string } | { why: string };

const mostBytes = 1024 * 1024;

/** Formats that browsers show without running code, recognised by their first bytes. */
const kinds: [type: string, begins: (start: string) => boolean][] = [
  ['image/png', (start) => start.startsWith('\x89PNG\r\n\x1a\n')],
  ['image/jpeg', (start) => start.startsWith('\xff\xd8\xff')],
  ['image/gif', (start) => /^GIF8[79]a/.test(start)],
  ['image/webp', (start) => /^RIFF[\s\S]{4}WEBP/.test(start)],
];

/**
 * Reads a picture by an address relative to its text. Never reads files outside the imported folder, not even through a symbolic link.
 *
 * @param folder the imported folder
 * @param file the text's file within it
 */
export async function readPicture(folder: string, file: string, address: string): Promise<Picture> {
  const path = pathOf(address);
  if (path === null) return { why: 'its address is not that of a file' };
  try {
    // The folder itself may be a symbolic link.
    const home = dirname(resolve(folder, file));
    const roots = await Promise.all([folder, join(folder, file.split('/')[0] ?? '')].map((each) => realpath(each)));
    const place = await realpath(resolve(home, path));
    if (!roots.some((root) => place.startsWith(root + sep))) return { why: 'it is outside the folder' };
    const { size } = await stat(place);
    if (size > mostBytes) return { why: `it is larger than ${mostBytes / 1024} kB` };
    const bytes = await readFile(place);
    const start = bytes.subarray(0, 12).toString('latin1');
    const type = kinds.find(([, begins]) => begins(start))?.[0];
    if (type === undefined) return { why: 'it is not a PNG, JPEG, GIF or WebP' };
    return { data: `data:${type};base64,${bytes.toString('base64')}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { why: 'the file is not there' };
    return { why: `it cannot be read (${code})` };
  }
}

function pathOf(address: string): string | null {
  try {
    const path = decodeURIComponent(address.replace(/[?#].*$/s, ''));
    return path === '' || /^[a-z][a-z0-9+.-]*:|^[\\/]|\0/i.test(path) ? null : path;
  } catch {
    return null;
  }
}
