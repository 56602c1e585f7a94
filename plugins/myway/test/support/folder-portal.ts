import { TestClient, type TestPlatform } from '@ilearn/core/testing';
import { createSession } from '../../../../core/dist/access/sessions.js';
import { openPlatform } from '../../../../core/dist/cli/open-platform.js';
import { createLog } from '../../../../core/dist/foundation/log.js';

/** Starts the portal of a folder, with the plugins that its configuration names, as `ilearn start` does. */
export async function openFolder(folder: string, only?: 'web'): Promise<TestPlatform> {
  const log: string[] = [];
  const { platform } = await openPlatform(folder, {
    log: createLog('warn', { write: (line) => void log.push(line) }),
    ...{ databaseFirst: true, serves: true, only },
  });
  const url = `http://127.0.0.1:${await platform.start()}`;
  const client = () => new TestClient(url);
  const ofTestPlatforms = () => {
    throw new Error('not for the portal of a folder');
  };
  return {
    ...{ url, platform, log, client, filesFolder: '', announcements: [] },
    work: (plugin, fn) => platform.work(plugin, fn),
    signIn: async (personId, displayName = 'Test') => {
      const { id } = await platform.runner.run({}, ({ unit }) => createSession(unit, { id: personId, displayName }));
      return client().setCookie('ilearn', id);
    },
    stop: () => platform.stop(),
    ...{ registerTenants: ofTestPlatforms, grant: ofTestPlatforms, drain: ofTestPlatforms },
  };
}
