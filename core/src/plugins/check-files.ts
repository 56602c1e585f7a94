import { createRequire } from 'node:module';
import type { UploadFields } from '../contract/files.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { Route } from '../contract/route.js';
import { fileColumns, fileTenantColumn, tableOfFiles } from '../foundation/file-tables.js';
import { isPicture } from '../foundation/media-types.js';
import { didYouMean } from '../foundation/nearest-name.js';
import { checkDeclaration } from './check-declaration.js';

type Report = (where: string, message: string, remedy: string) => void;

const columnName = /^[a-z_][a-z0-9_]{0,62}$/;
const mediaType = /^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/;
/** Types that browsers execute: such files are never accepted, whichever route would send them. */
const active =
  /^(?:text\/(?:html|xml|javascript|ecmascript|xsl)|application\/(?:.*\+xml|xml|xhtml.*|javascript|ecmascript|x-shockwave-flash)|image\/svg\+xml|multipart\/.*)$/;

/** Checks the kinds of file and the routes that receive them. */
export function checkFiles(definition: PluginDefinition, report: Report): void {
  const { files = {}, tables = {}, routes = [] } = definition;
  for (const [kind, declaration] of Object.entries(files)) {
    const where = `files.${kind}`;
    const table = tableOfFiles(declaration);
    if (!columnName.test(kind)) {
      report(where, `"${kind}" is not a valid name for a table.`, 'Use lower-case letters, digits and underscores.');
    }
    if (tables[kind] !== undefined) {
      report(
        where,
        `"${kind}" is also the name of a table.`,
        'Give the kind of file another name; the kernel creates a table of this name.',
      );
    }
    const tenant = fileTenantColumn(declaration);
    for (const column of [...(tenant === null ? [] : [tenant]), ...Object.keys(declaration.people ?? {})]) {
      if (columnName.test(column) && !(fileColumns as readonly string[]).includes(column)) continue;
      report(
        where,
        `"${column}" cannot be the name of one of its columns.`,
        `Choose a name other than ${fileColumns.join(', ')}.`,
      );
    }
    for (const type of declaration.types) checkType(where, type, report);
    const since = typeof declaration.keep === 'object' ? declaration.keep.since : 'updated_at';
    if (!['created_at', 'updated_at'].includes(since)) {
      report(`${where}.keep`, `"${since}" is not a timestamp of a file.`, "Use 'created_at' or 'updated_at'.");
    }
    checkDeclaration(kind, table, (at, message, remedy) =>
      report(at.replace(/^tables\./, 'files.'), message, remedy.replace('tables.', 'files.')),
    );
  }
  for (const route of routes) checkUpload(route, Object.keys(files), report);
}

function checkType(where: string, type: string, report: Report): void {
  if (!mediaType.test(type)) {
    report(
      `${where}.types`,
      `"${type}" is not a media type.`,
      "Write it like 'image/png', in lower case and without parameters.",
    );
  } else if (active.test(type)) {
    report(`${where}.types`, `Browsers execute files of type ${type}.`, 'Remove it: files come from users.');
  } else if (isPicture(type) && !hasSharp()) {
    report(
      `${where}.types`,
      `Pictures (${type}) need the package sharp, which removes where and when they were taken; it is not installed.`,
      'npm install sharp, or remove the type.',
    );
  }
}

function checkUpload({ method, path, upload, consumes, bodyLimit }: Route, kinds: string[], report: Report): void {
  if (upload === undefined) return;
  const where = `routes.${method} ${path}.upload`;
  if (method === 'GET' || method === 'DELETE') report(where, `${method} has no body.`, 'Use POST, PUT or PATCH.');
  if (consumes !== undefined || bodyLimit !== undefined) {
    report(
      where,
      'It declares consumes or bodyLimit together with upload.',
      'Remove them: the body is multipart/form-data, and each kind of file has its maxBytes.',
    );
  }
  for (const [field, wish] of Object.entries(upload as UploadFields)) {
    const kind = typeof wish === 'string' ? wish : wish.kind;
    if (kinds.includes(kind)) continue;
    report(
      where,
      `The field "${field}" refers to the kind of file "${kind}", which files does not declare.`,
      `Declare files.${kind}, or name one that is declared.${didYouMean(kind, kinds)}`,
    );
  }
}

let sharpThere: boolean | null = null;

function hasSharp(): boolean {
  if (sharpThere === null) {
    try {
      createRequire(import.meta.url).resolve('sharp');
      sharpThere = true;
    } catch {
      sharpThere = false;
    }
  }
  return sharpThere;
}
