import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import { createJiti } from 'jiti';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PortalFolder } from '../../../core/test/support/command.js';

let portal: TestPlatform;
const clients: Record<string, TestClient> = {};
let photo: string;

beforeAll(async () => {
  const page = readFileSync(new URL('../../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /### What is only for a class[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('photos', 'index.ts', source);
  const { default: photos } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'photos', 'index.ts'),
  );
  await folder.remove();
  portal = await createTestPlatform({ plugins: [directory, photos] });
  const wissel = await school(portal);
  const klas = await schoolClass(portal, wissel, { name: '3A' });
  const other = await schoolClass(portal, wissel, { name: '3B' });
  const people = {
    teacher: await teacher(portal, klas),
    colleague: await teacher(portal, other),
    pupil: await pupil(portal, klas),
    neighbour: await pupil(portal, other),
    elsewhere: await teacher(portal, await school(portal)),
    trainer: await providerPerson(portal, await provider(portal)),
  };
  for (const [name, { id }] of Object.entries(people)) clients[name] = await portal.signIn(id);
  const form = new FormData();
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  form.set('photo', new File([new Uint8Array(png)], 'uitstap.png', { type: 'image/png' }));
  const added = await clients['teacher']?.post(`/api/photos/classes/${klas.id}/photos`, undefined, { multipart: form });
  expect([added?.status, added?.body]).toEqual([201, { id: expect.any(String) }]);
  photo = added?.body.id;
});
afterAll(() => portal?.stop());

test('issue 12: a photo of a class is for that class: the plugin of docs/plugins.md, as written', async () => {
  const statusFor = async (name: string) => [name, (await clients[name]?.get(`/api/photos/photos/${photo}`))?.status];
  expect(Object.fromEntries(await Promise.all(Object.keys(clients).map(statusFor)))).toEqual({
    teacher: 200,
    colleague: 200,
    pupil: 200,
    neighbour: 404,
    elsewhere: 404,
    trainer: 403,
  });
});
