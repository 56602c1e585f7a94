import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../foundation/nearest-name.js';

interface Told {
  message: string;
  remedy: string;
}

/** Why a package that the configuration names cannot be found. */
export function absenceOf(name: string, root: string): Told {
  if (/^[./]/.test(name)) {
    return {
      message: 'There is no module at this path.',
      remedy: 'Check the path, which starts from the folder of ilearn.config.ts.',
    };
  }
  const meant = nearestName(name, installedIn(root));
  const remedy = `npm install ${name}, or remove it from ilearn.config.ts.`;
  return {
    message: 'The package is not installed.',
    remedy: meant === undefined ? remedy : `Did you mean "${meant}", which is installed? Otherwise: ${remedy}`,
  };
}

function installedIn(root: string): string[] {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name],
  );
}

/** Describes an import error: its place in the package, and what is missing. */
export function importFaultOf(error: unknown, folder: string): Told {
  const cause = error instanceof Error ? error.message : String(error);
  const missing = /^Cannot find package '([^']+)'/.exec(cause)?.[1];
  if (missing !== undefined)
    return { message: `The package cannot be imported: ${missing} is not installed.`, remedy: remedyOfMissing(missing, folder) };
  if ((error as { code?: string } | null)?.code === 'ERR_MODULE_NOT_FOUND') {
    return {
      message: `The package cannot be imported: ${cause.replaceAll(fileURLToPath(folder), '')}`,
      remedy: 'A file is missing: build the package (npm run build), or install it again.',
    };
  }
  const place = placeOf(error, folder);
  return {
    message: `The package cannot be imported: ${cause}${place === undefined ? '' : ` (${place})`}`,
    remedy: 'Fix the package, or remove it from ilearn.config.ts.',
  };
}

function remedyOfMissing(missing: string, folder: string): string {
  const manifest = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  const listed = ['dependencies', 'peerDependencies', 'optionalDependencies'].some(
    (kind) => manifest[kind]?.[missing] !== undefined,
  );
  const install = `npm install ${missing}`;
  return listed ? `${install}.` : `${install}; its author has to name ${missing} under dependencies in package.json.`;
}

/** `file:line` within the package, of the nearest stack frame; undefined if the stack does not contain it, as with syntax errors. */
export function placeOf(error: unknown, folder: string): string | undefined {
  const stack = String((error as { stack?: unknown } | null)?.stack ?? '');
  const from = stack.indexOf(folder);
  return from === -1
    ? undefined
    : /^([^\s:?)]+)(?:\?[\w=-]*)?(:\d+)/
        .exec(stack.slice(from + folder.length))
        ?.slice(1)
        .join('');
}
