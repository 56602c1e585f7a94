import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, Problem, Reply } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDuplicates } from '../dist/doctor/packages.js';
import { loadPlugins } from '../dist/plugins/load.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const work = realpathSync(mkdtempSync(join(tmpdir(), 'ilearn-linked-')));
const [own, home] = [join(work, 'plugin'), join(work, 'portal')];
let portal: TestPlatform;

/** What `npm install ../plugin` leaves: a link, below which the plugin has a kernel of its own. */
beforeAll(async () => {
  const modules = join(own, 'node_modules');
  mkdirSync(join(modules, '@ilearn', 'core'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@ilearn' && !name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  for (const part of ['dist', 'messages', 'package.json'])
    cpSync(join(root, 'core', part), join(modules, '@ilearn', 'core', part), { recursive: true });
  writeFileSync(join(own, 'package.json'), '{ "name": "linked", "version": "1.0.0", "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(own, 'index.js'),
    `import { CommandError, definePlugin, notFound, reply, routeFor } from '@ilearn/core';
     import { z } from 'zod';
     const route = (path, handler) => routeFor()({ method: 'GET', path, summary: path, permission: 'public',
       responses: { 200: z.object({}), 202: z.object({ kept: z.boolean() }) }, handler });
     export const fault = new CommandError('the pen broke');
     export default definePlugin({ id: 'linked', version: '1.0.0', routes: [
       route('/absent', () => { throw notFound(); }), route('/accepted', () => reply(202, { kept: true })) ] });`,
  );
  mkdirSync(join(home, 'node_modules', '@ilearn'), { recursive: true });
  symlinkSync(own, join(home, 'node_modules', 'linked'), 'dir');
  symlinkSync(join(root, 'core'), join(home, 'node_modules', '@ilearn', 'core'), 'dir');
  const { plugins } = await loadPlugins({ linked: {} }, home, (_, step) => step());
  portal = await createTestPlatform({ plugins: plugins.map(({ definition }) => definition) });
});
afterAll(async () => {
  await portal?.stop();
  rmSync(work, { recursive: true });
});

test('newcomer 6: what a linked plugin throws and returns is recognised like that of others', async () => {
  const absent = await portal.client().get('/api/linked/absent');
  expect([absent.status, absent.body.type]).toEqual([404, '/problems/not-found']);
  const accepted = await portal.client().get('/api/linked/accepted');
  expect([accepted.status, accepted.body]).toEqual([202, { kept: true }]);
  const other = await import(join(own, 'index.js'));
  expect(other.fault).toBeInstanceOf(CommandError);
  for (const kind of [Problem, Reply]) expect(other.fault).not.toBeInstanceOf(kind);
});

test('newcomer 6: the second copy of the kernel is reported, with a remedy that works for links', () => {
  expect(findDuplicates(home, ['linked'])).toEqual([
    {
      check: '',
      state: 'failed',
      message: `There are 2 copies of @ilearn/core: 0.1.0 in ${join(own, 'node_modules/@ilearn/core')} (linked); 0.1.0 in ${realpathSync(join(root, 'core'))} (the portal).`,
      remedy: `linked is linked. Install a copy instead of the link: npm install --install-links ${relative(home, own)}`,
    },
  ]);
});

test('subclasses of a branded class are distinguished', () => {
  class Late extends Problem {}
  const plain = new Problem({ type: 'x', status: 400, title: 'X' });
  const late = new Late({ type: 'x', status: 400, title: 'X' });
  expect([late instanceof Problem, late instanceof Late, plain instanceof Late, late instanceof Reply]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  for (const value of [null, undefined, 'text', 7, {}, [], () => {}]) expect((value as unknown) instanceof Problem).toBe(false);
});
