import { records } from './csv.js';
import { type Fault, fault, shown } from './faults.js';
import { type FileName, fileNames } from './file-names.js';
import { otherFiles } from './format.js';
import type { PackageFiles } from './package.js';

/** `bulk`: the file has all rows; `delta`: only those that changed since the previous package. */
export type Mode = 'bulk' | 'delta';

export interface Manifest {
  version: '1.1' | '1.2';
  /** The files of the package, with their modes. */
  modes: Partial<Record<FileName, Mode>>;
}

const file = 'manifest.csv';
const propertyLimit = 1000;

/** Reads manifest.csv and compares it with the files. Null if it is missing or unusable. */
export async function readManifest(files: PackageFiles, report: (found: Fault) => void): Promise<Manifest | null> {
  const bytes = files.get(file);
  if (bytes === undefined) {
    report(fault({ file }, 'manifest-missing'));
    return null;
  }
  const properties = new Map<string, { row: number; value: string }>();
  for await (const { row, cells } of records(bytes, file, report, propertyLimit)) {
    const [name = '', value = ''] = cells.map((cell) => cell.trim());
    if (name === 'propertyName') continue;
    if (properties.has(name))
      report(
        fault({ file, row, column: 'propertyName' }, 'twice', { value: shown(name), first: properties.get(name)?.row ?? 0 }),
      );
    else properties.set(name, { row, value });
  }
  const version = properties.get('oneroster.version');
  if (version === undefined || !/^1\.[12](\.\d+)?$/.test(version.value)) {
    report(
      fault({ file, row: version?.row ?? null, column: 'value' }, 'manifest-version', { value: shown(version?.value ?? '') }),
    );
    return null;
  }
  const modes: Manifest['modes'] = {};
  for (const name of [...fileNames, ...Object.keys(otherFiles)]) {
    const mode = modeOf(name, properties.get(`file.${name}`), files, report);
    if (mode !== null && (fileNames as readonly string[]).includes(name)) modes[name as FileName] = mode;
  }
  const manifest: Manifest = { version: version.value.startsWith('1.1') ? '1.1' : '1.2', modes };
  checkTogether(manifest, report);
  return manifest;
}

function modeOf(
  name: string,
  property: { row: number; value: string } | undefined,
  files: PackageFiles,
  report: (found: Fault) => void,
): Mode | null {
  const csv = `${name}.csv`;
  const mode = property?.value.toLowerCase() ?? 'absent';
  const row = property?.row ?? null;
  if (mode !== 'bulk' && mode !== 'delta' && mode !== 'absent') {
    report(fault({ file, row, column: 'value' }, 'manifest-mode', { value: shown(mode) }));
    return null;
  }
  if (mode === 'absent') {
    // Files that are not read need not be in the manifest.
    if (files.has(csv) && otherFiles[name] === undefined) {
      report(fault({ file: csv }, 'manifest-file-unnamed', { property: `file.${name}` }));
    }
    return null;
  }
  if (!files.has(csv)) {
    report(fault({ file, row, column: 'value' }, 'manifest-file-missing', { name: csv, mode }));
    return null;
  }
  return mode;
}

/** In 1.2, people and their roles are in two files, which would contradict each other if they had different modes. */
function checkTogether({ version, modes }: Manifest, report: (found: Fault) => void): void {
  const { users, roles } = modes;
  const clash = version === '1.2' && users !== roles && (users === 'bulk' || roles === 'bulk');
  if (!clash) return;
  report(
    fault({ file }, 'manifest-together', {
      name: 'users.csv',
      mode: users ?? 'absent',
      otherName: 'roles.csv',
      otherMode: roles ?? 'absent',
    }),
  );
}
