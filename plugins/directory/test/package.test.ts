import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RosterError } from '../dist/oneroster/faults.js';
import { openPackage, packageLimits } from '../dist/oneroster/package.js';
import { asPackage, twoSchools, type ZipEntry, zip, zipOf } from './roster.js';

const faultsOf = async (source: Buffer | string, limits = packageLimits) => {
  const error = await openPackage(source, limits).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RosterError);
  return (error as RosterError).faults.map(({ file, code }) => ({ file, code }));
};
const entry = (name: string, text = 'a\n'): ZipEntry => ({ name, bytes: Buffer.from(text) });

describe('a package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roster-'));
    for (const [name, bytes] of asPackage(twoSchools())) await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, 'LEESMIJ.txt'), 'not a CSV file');
    await writeFile(join(folder, 'school.zip'), zip(twoSchools()));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read the same from a folder, a zip or the bytes of a zip', async () => {
    const fromFolder = await openPackage(folder);
    expect([...fromFolder.keys()].sort()).toEqual([...asPackage(twoSchools()).keys()].sort());
    for (const source of [join(folder, 'school.zip'), zip(twoSchools())]) {
      expect(new Map([...(await openPackage(source))].sort())).toEqual(new Map([...fromFolder].sort()));
    }
  });

  it('may contain what an operating system adds', async () => {
    const files = await openPackage(
      zipOf([entry('manifest.csv'), entry('__MACOSX/._manifest.csv'), entry('.DS_Store'), entry('readme.txt')]),
    );
    expect([...files.keys()]).toEqual(['manifest.csv']);
  });

  it('that does not exist is reported with its path', async () => {
    expect(await faultsOf(join(folder, 'nothing.zip'))).toEqual([{ file: 'nothing.zip', code: 'not-found' }]);
  });

  const whole = zip(twoSchools());
  const flipped = Buffer.from(whole);
  // The first file's checksum, in its local header and in the directory.
  flipped.writeUInt32LE(1, whole.indexOf('PK\x01\x02') + 16);

  it.each<[string, Buffer, string]>([
    ['is no zip', Buffer.from('PK is how a zip begins'), 'zip-unreadable'],
    ['is empty', Buffer.alloc(0), 'zip-unreadable'],
    ['was cut off', whole.subarray(0, whole.length - 200), 'zip-unreadable'],
    ['does not fit its checksum', flipped, 'zip-unreadable'],
    ['climbs out of its folder', zipOf([entry('../users.csv')]), 'zip-path'],
    ['has an absolute path', zipOf([entry('/etc/users.csv')]), 'zip-path'],
    ['has a Windows path', zipOf([entry('..\\users.csv')]), 'zip-path'],
    ['has its files in a folder', zipOf([entry('export/manifest.csv')]), 'zip-path'],
    ['is locked', zipOf([{ ...entry('users.csv'), flags: 1 }]), 'zip-encrypted'],
    ['has a file twice', zipOf([entry('users.csv'), entry('users.csv')]), 'file-twice'],
    ['has thousands of files', zipOf(Array.from({ length: 65 }, (_, index) => entry(`f${index}.csv`))), 'zip-many'],
    ['is larger inside than it says', zipOf([{ ...entry('users.csv', 'x'.repeat(100_000)), claimedSize: 10 }]), 'zip-unreadable'],
  ])('that %s is refused', async (_, bytes, code) => {
    expect((await faultsOf(bytes)).map((fault) => fault.code)).toEqual([code]);
  });

  it('that would unpack to too much data is refused before it is unpacked', async () => {
    const limits = { ...packageLimits, totalBytes: 1_000_000, fileBytes: 600_000 };
    const zeros = Buffer.alloc(500_000);
    const bomb = zipOf(['a.csv', 'b.csv', 'c.csv'].map((name) => ({ name, bytes: zeros })));
    expect(bomb.length).toBeLessThan(3_000);
    expect(await faultsOf(bomb, limits)).toEqual([{ file: 'package.zip', code: 'zip-large' }]);
    expect(await faultsOf(zipOf([{ name: 'a.csv', bytes: Buffer.alloc(700_000) }]), limits)).toEqual([
      { file: 'package.zip', code: 'zip-large' },
    ]);
  });
});
