import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Yielder } from '@ilearn/core';
import type yauzl from 'yauzl';
import { type Fault, fault, RosterError } from './faults.js';

/** The files of a package by name, in memory. A zip is never unpacked to disk. */
export type PackageFiles = Map<string, Buffer>;

export interface PackageLimits {
  /** Maximum number of files in a zip. */
  files: number;
  /** Maximum size of one file in bytes, unpacked. */
  fileBytes: number;
  /** Maximum total size of all files in bytes, unpacked. */
  totalBytes: number;
}

const megabyte = 1024 * 1024;
export const packageLimits: PackageLimits = { files: 64, fileBytes: 64 * megabyte, totalBytes: 128 * megabyte };

const isCsv = (name: string): boolean => /\.csv$/i.test(name);

/** Whether an entry is a folder or a file that an operating system added to the zip. */
const isClutter = (path: string): boolean => path.endsWith('/') || path.startsWith('__MACOSX/') || /(^|\/)\.[^/]*$/.test(path);

/**
 * Reads a folder or a zip.
 *
 * @throws RosterError with all faults
 */
export async function openPackage(source: string | Buffer, limits: PackageLimits = packageLimits): Promise<PackageFiles> {
  if (typeof source !== 'string') return readZip(source, 'package.zip', limits);
  const found = await stat(source).catch(() => null);
  if (found?.isDirectory()) return readFolder(source, limits);
  if (!found?.isFile()) throw new RosterError([fault({ file: basename(source) }, 'not-found', { path: source })]);
  if (found.size > limits.totalBytes) {
    throw new RosterError([fault({ file: basename(source) }, 'file-large', { limit: limits.totalBytes / megabyte })]);
  }
  return readZip(await readFile(source), basename(source), limits);
}

async function readFolder(folder: string, limits: PackageLimits): Promise<PackageFiles> {
  const files: PackageFiles = new Map();
  const faults: Fault[] = [];
  let total = 0;
  for (const name of (await readdir(folder)).filter(isCsv).sort()) {
    const { size } = await stat(join(folder, name));
    total += size;
    if (size > limits.fileBytes || total > limits.totalBytes) {
      faults.push(fault({ file: name }, 'file-large', { limit: limits.fileBytes / megabyte }));
    } else {
      files.set(name, await readFile(join(folder, name)));
    }
  }
  if (faults.length > 0) throw new RosterError(faults);
  return files;
}

async function readZip(bytes: Buffer, name: string, limits: PackageLimits): Promise<PackageFiles> {
  const files: PackageFiles = new Map();
  const stop = (file: string, code: Fault['code'], params: Fault['params'] = {}): never => {
    throw new RosterError([fault({ file }, code, params)]);
  };
  let total = 0;
  let count = 0;
  try {
    // Entries that operating systems add do not count towards the limit, but have a limit of their own.
    for await (const [entry, read] of entries(bytes, limits.files * 10)) {
      const path = entry.fileName;
      if (isClutter(path)) continue;
      if (++count > limits.files) stop(name, 'zip-many', { limit: limits.files });
      if (path.includes('/')) stop(name, 'zip-path', { entry: path });
      if (!isCsv(path)) continue;
      if (files.has(path)) stop(path, 'file-twice');
      if (entry.isEncrypted()) stop(path, 'zip-encrypted', { entry: path });
      total += entry.uncompressedSize;
      if (entry.uncompressedSize > limits.fileBytes || total > limits.totalBytes) {
        stop(name, 'zip-large', { limit: limits.totalBytes / megabyte });
      }
      files.set(path, await read());
    }
  } catch (error) {
    if (error instanceof RosterError) throw error;
    if (error instanceof TooManyEntries) stop(name, 'zip-many', { limit: limits.files });
    const reason = error instanceof Error ? error.message : String(error);
    if (/invalid relative path|absolute path|invalid characters in fileName/.test(reason)) {
      stop(name, 'zip-path', { entry: reason.replace(/^.*: /, '') });
    }
    stop(name, 'zip-unreadable', { reason });
  }
  return files;
}

class TooManyEntries extends Error {}

/** Entries of a zip, each with a function that unpacks it. yauzl enforces the sizes that the zip's directory states. */
async function* entries(bytes: Buffer, most: number): AsyncGenerator<[yauzl.Entry, () => Promise<Buffer>]> {
  // Loaded when first needed: only an import of a zip does.
  const { default: reader } = await import('yauzl');
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    reader.fromBuffer(bytes, { lazyEntries: true }, (error, opened) =>
      error ? reject(error) : resolve(opened as yauzl.ZipFile),
    );
  });
  if (zip.entryCount > most) throw new TooManyEntries();
  const next = () =>
    new Promise<yauzl.Entry | null>((resolve, reject) => {
      zip.removeAllListeners();
      zip
        .once('entry', resolve)
        .once('end', () => resolve(null))
        .once('error', reject);
      zip.readEntry();
    });
  for (let entry = await next(); entry !== null; entry = await next()) {
    const current = entry;
    yield [current, () => unpack(zip, current)];
  }
}

async function unpack(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const yielder = new Yielder();
  const chunks: Buffer[] = [];
  let checksum = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    checksum = crc32(chunk as Buffer, checksum);
    if (yielder.due()) await yielder.yield();
  }
  const bytes = Buffer.concat(chunks);
  if (checksum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
  return bytes;
}
