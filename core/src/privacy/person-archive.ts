import { strToU8, zipSync } from 'fflate';
import type { PersonFiles } from '../contract/plugin.js';
import type { SchoolScope } from '../contract/principal.js';
import type { PersonRows } from './person-data.js';
import { personPage } from './person-page.js';
import type { PrivatePlugin } from './person-table.js';
import type { Language } from './words.js';

/** What the portal knows of a person, as it is written into `export.json`. */
export interface PersonExport {
  person: string;
  portal: string;
  madeAt: string;
  /** Whose rows are in it. */
  schools: SchoolScope;
  /** Plugins out of service: what they hold is not in here. */
  absent: string[];
  /** The kernel first, then plugins in load order. */
  plugins: { id: string; tables: PersonRows[]; data?: unknown; files: string[] }[];
}

/** Adds what a plugin's own hook gives; names in the archive are the plugin's folder and its own. */
export function takeFiles(
  plugin: PrivatePlugin,
  tables: PersonRows[],
  { data, files = {} }: PersonFiles,
  into: Record<string, Uint8Array>,
) {
  const { id } = plugin.plugin;
  const names = Object.keys(files).map((name) => {
    if (!/^[^/\\\0]+(\/[^/\\\0]+)*$/.test(name) || name.split('/').some((step) => step === '..' || step === '.')) {
      throw new Error(`${id}: the export hook gives a file no usable name; names are paths such as work/essay.pdf.`);
    }
    into[`${id}/${name}`] = files[name] as Uint8Array;
    return `${id}/${name}`;
  });
  return { id, tables, ...(data === undefined ? {} : { data }), files: names };
}

/** The zip archive: `export.json` for machines, `export.html` for people, and the files of plugins. */
export function personArchive(
  data: PersonExport,
  files: Record<string, Uint8Array>,
  plugins: readonly PrivatePlugin[],
  language: Language,
): Uint8Array {
  return zipSync({
    'export.json': strToU8(JSON.stringify(data, null, 2)),
    'export.html': strToU8(personPage(data, plugins, language)),
    ...files,
  });
}
