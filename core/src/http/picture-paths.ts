import type { Route } from '../contract/route.js';

const sendsFile = ({ method, responses }: Route): boolean =>
  method === 'GET' && (responses[200] as { contentType?: string } | undefined)?.contentType === '*/*';

/** `/photos/:id` → `/photos/` */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/', path.indexOf(':')) + 1);

/**
 * The folders of addresses, `/api/<id>/photos/`, from which pages may show pictures: those of routes that send files, unless another GET
 * route has addresses below. A page must not be able to request anything else by a picture in a text.
 */
export function pictureFolders(pluginId: string, routes: readonly Route[]): string[] {
  const others = routes.filter((route) => route.method === 'GET' && !sendsFile(route));
  const folders = routes
    .filter((route) => sendsFile(route) && route.path.includes(':'))
    .map(({ path }) => folderOf(path))
    .filter((folder) => folder.length > 1 && others.every(({ path }) => !reaches(path, folder)));
  return [...new Set(folders)].map((folder) => `/api/${pluginId}${folder}`);
}

/** Whether an address of the route can lie in the folder. */
function reaches(path: string, folder: string): boolean {
  const parts = path.split('/');
  const within = folder.split('/').slice(0, -1);
  // `/photos` itself is not in `/photos/`.
  return parts.length > within.length && within.every((part, index) => parts[index] === part || parts[index]?.startsWith(':'));
}
