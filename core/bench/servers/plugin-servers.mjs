import { createHash } from 'node:crypto';

/** A plugin of the repository as built, without its pages. */
export async function loadServer(name) {
  const { default: definition } = await import(`@ilearn/plugin-${name}`);
  const { ui: _pages, ...server } = definition;
  return server;
}

/** The same UUID for the same parts. */
export const idOf = (...parts) => {
  const hash = createHash('md5').update(parts.join(' ')).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
};
