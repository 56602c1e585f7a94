import { fileURLToPath } from 'node:url';
import { packageFolder } from './code-owner.js';

/** What Node hands to a hook that resolves specifiers, as much as is used here. */
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

/** Hands the edition of a module on to what it imports of its own package; other packages stay shared. */
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

/** For `registerHooks`. */
export const withEdition: EditionHook = (specifier, context, next) => carry(context.parentURL, next(specifier, context as never));

/** For `register`, which runs this module in a thread of its own. */
export const resolve = async (
  specifier: string,
  context: { parentURL?: string | undefined },
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> => carry(context.parentURL, await next(specifier, context));
