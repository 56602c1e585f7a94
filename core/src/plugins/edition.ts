import { fileURLToPath } from 'node:url';
import { packageFolder } from '../foundation/package-folder.js';

/** The part used here of what Node passes to a resolve hook. */
export interface Resolved {
  url: string;
  format?: string | null | undefined;
}
export type EditionHook = (
  specifier: string,
  context: { parentURL?: string | undefined },
  next: (specifier: string, context: never) => Resolved,
) => Resolved;

const folders = new Map<string, string>();

/** Passes the edition of a module on to its imports from the same package; other packages stay shared. */
function carry(parent: string | undefined, resolved: Resolved): Resolved {
  const edition = /^file:[^?]*(\?edition=[\w-]+)$/.exec(parent ?? '')?.[1];
  if (edition === undefined || !resolved.url.startsWith('file:') || resolved.url.includes('?')) return resolved;
  const own = folderOf(parent as string);
  const within = resolved.url.startsWith(own) && !resolved.url.slice(own.length).includes('node_modules/');
  return within ? { ...resolved, url: resolved.url + edition } : resolved;
}

function folderOf(url: string): string {
  let folder = folders.get(url);
  if (folder === undefined) {
    folder = packageFolder(fileURLToPath(url));
    folders.set(url, folder);
  }
  return folder;
}

/** The hook for `registerHooks`. */
export const withEdition: EditionHook = (specifier, context, next) => carry(context.parentURL, next(specifier, context as never));

/** The hook for `register`, which runs this module in a separate thread. */
export const resolve = async (
  specifier: string,
  context: { parentURL?: string | undefined },
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> => carry(context.parentURL, await next(specifier, context));
