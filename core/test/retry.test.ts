import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlatform } from '../dist/cli/open-platform.js';
import { createLog } from '../dist/foundation/log.js';
import type { Platform } from '../dist/platform/platform.js';
import { PortalFolder } from './support/command.js';

const head = `import { definePlugin, routeFor } from '@ilearn/core';\nimport { z } from 'zod';\n`;
const ping = (value: string) => `routes: [routeFor()({ method: 'GET', path: '/ping', summary: 'Ping', permission: 'public',
  responses: { 200: z.object({ said: z.string() }) }, handler: () => ({ said: ${value} }) })]`;
const plugin = (id: string, rest: string) => `export default definePlugin({ id: '${id}', version: '1.0.0', ${rest} });`;

const folder = new PortalFolder()
  .pack('deep', `${head}import { word } from './one.js';\n${plugin('deep', ping('word'))}`)
  .write('deep', 'one.js', `export { word } from './lib/two.js';`)
  .write('deep', 'lib/two.js', `export const word = '';\nthrow new Error('the moon is missing');`)
  .pack('starting', `${head}import { pump } from './pump.js';\n${plugin('starting', `start: () => pump(), ${ping(`'pumped'`)}`)}`)
  .write('starting', 'pump.js', `export const pump = () => { throw new Error('no fuel'); };`)
  .pack('typed', `${head}${plugin('typed', `config: z.strictObject({ size: z.int() }), ${ping(`'typed'`)}`)}`)
  .pack('sharing', `${head}${plugin('sharing', `requires: { deep: '^1.0.0' }, ${ping(`'shared'`)}`)}`)
  .compose('deep', 'starting', 'typed', 'sharing');
let platform: Platform;
let url = '';
const before = { ...process.env };
beforeAll(async () => {
  await folder.useServer();
  Object.assign(process.env, { DATA_DIR: join(folder.path, 'data'), ...folder.environment });
  ({ platform } = await openPlatform(folder.path, { log: createLog('silent'), databaseFirst: true, serves: true }));
  url = `http://127.0.0.1:${await platform.start()}`;
});
afterAll(async () => {
  await platform?.stop();
  process.env = before;
  await folder.remove();
});

const retry = async (id: string) => (await platform.operate({ command: 'retry', id, options: {} })).lines.join('\n');
const said = async (id: string) => ((await (await fetch(`${url}/api/${id}/ping`)).json()) as { said?: string }).said;

describe('a retry', () => {
  test('newcomer 2: reads the modules below the entry from disk again, at any depth', async () => {
    expect(await retry('deep')).toContain('the moon is missing');
    folder.write('deep', 'there.js', `export const there = 'mended';`);
    folder.write('deep', 'lib/two.js', `import { there } from '../there.js';\nexport const word = there;`);
    expect(await retry('deep')).toBe('deep  1.0.0     contract 1  started');
    expect([await said('deep'), await said('sharing')]).toEqual(['mended', 'shared']);
  });

  test('newcomer 13: runs the current start() from disk', async () => {
    expect(await retry('starting')).toContain('no fuel');
    folder.write('starting', 'pump.js', 'export const pump = () => {};');
    expect(await retry('starting')).toBe('starting  1.0.0     contract 1  started');
    expect(await said('starting')).toBe('pumped');
  });

  test('kind of newcomer 13: uses the current configuration in ilearn.config.ts', async () => {
    expect(await retry('typed')).toContain('size');
    const file = join(folder.path, 'ilearn.config.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"typed":{}', '"typed":{"size":3}'));
    expect(await retry('typed')).toBe('typed  1.0.0     contract 1  started');
    expect(await said('typed')).toBe('typed');
  });
});
