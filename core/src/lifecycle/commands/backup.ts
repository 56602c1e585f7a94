import { backUp } from '../../backup/back-up.js';
import { type PluginCommand, refused } from './command.js';

/** `ilearn backup` on the embedded database, which only the portal's process can read. Requests wait while rows are read. */
export const backup: PluginCommand = async ({ home, storage }, { backup: order }) => {
  if (order === undefined) return refused('Give the new file: ilearn backup --to <file>');
  const { to, keep, withFiles, key } = order;
  return backUp(home, withFiles ? storage : null, { to, keep, key: Buffer.from(key, 'base64') });
};
