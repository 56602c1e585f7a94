import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture, type WatchedPage } from '../../../ui/test/browser.js';
import { academyPortal, heard, type Person, training, type World } from './support/academy.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
let page: WatchedPage;
/** A path for colleagues that every school sees: two texts. */
let pathId: string;
let bo: Person;

beforeAll(async () => {
  world = await academyPortal({ uiFolder, more: [library, lti, myway] });
  const { portal, an, wegwijzer } = world;
  bo = await world.at(wegwijzer, 'teacher', 'Bo');
  const record = (sourceId: string, title: string) => ({
    ...{ source: 'test', sourceId, school: null, title, description: '', language: 'nl', provider: 'Proef', keywords: [] },
    ...{ minutes: 10, ageFrom: null, ageTo: null, difficulty: null, available: true, conceptUris: [], teacherOnly: true },
    content: { kind: 'text' as const, markdown: 'Een tekst voor leraren.' },
  });
  const { ids } = await portal.work('library', ({ activities }) =>
    activities.upsert([record('a', 'Wat is differentiëren?'), record('b', 'In je klas')]),
  );
  const { body: path } = await an.post('/api/myway/paths', { title: 'Leren differentiëren', activityIds: ids });
  await an.put(`/api/myway/paths/${path.id}/sharing`, { audience: 'staff' });
  await an.post(`/api/myway/paths/${path.id}/publication`, {});
  await portal.work('myway', ({ publishing }) => publishing.carryOut(10));
  const [shared] = await portal
    .work('myway', ({ staffPaths }) => staffPaths.list(10))
    .then((all) => all.filter(({ id }: { id: string }) => id !== path.id));
  pathId = shared.id;
  browser = await launch();
  page = await openPage(browser, portal.url);
  page.setDefaultTimeout(15_000);
}, 180_000);
afterAll(async () => {
  if (page !== undefined) {
    expect(page.faults).toEqual([]);
    await closePage(page);
  }
  await browser?.close();
  await world?.portal.stop();
});

async function as(who: Person, path: string): Promise<void> {
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.context().addCookies([{ name: 'ilearn', value: who.cookie('ilearn') as string, url: world.portal.url }]);
  await page.goto(world.portal.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
async function isSound(name: string): Promise<void> {
  expect(await axe(page), name).toEqual([]);
  await picture(page, name);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} at 320 px`).toBeLessThanOrEqual(320);
  await picture(page, `${name}-320`);
  if (size !== null) await page.setViewportSize(size);
}
const button = (name: string | RegExp) => page.getByRole('button', { name });
const certificates = async (who: Person) => (await who.get('/api/academy/my-certificates')).body.certificates;
const states = async (who: Person) =>
  (await who.get('/api/academy/my-learning')).body.enrolments.map(({ state }: { state: string }) => state);

test('a planner makes a training of a path, a teacher follows it in their own time, and its end brings the certificate', async () => {
  const id = await training(world, { title: 'Differentiëren', certificate: 'attended', minutes: 20 });
  await as(world.planner, `/academie/aanbod/${id}`);
  await page.getByRole('combobox', { name: 'Leerspoor in MyWay' }).click();
  await page.getByRole('option', { name: 'Leren differentiëren' }).click();
  await isSound('self-paced-edit');
  await button('Bewaar').click();
  await page.getByText('Bewaard.').waitFor();

  await as(world.an, `/academie/vorming/${id}`);
  await page.getByText('In je eigen tempo').waitFor();
  await isSound('self-paced-training');
  await button('Begin').click();
  await page.getByRole('heading', { level: 1, name: 'Leren differentiëren' }).waitFor();
  expect(await states(world.an)).toEqual(['booked']);
  const back = page.getByRole('link', { name: 'Differentiëren', exact: true });
  await page.getByText('Dit leerspoor hoort bij de vorming').waitFor();
  await isSound('self-paced-path');
  await back.click();
  await page.getByText('niemand moet dit goedkeuren').waitFor();
  await button('Ga verder').click();
  await page
    .getByRole('link', { name: /Wat is differentiëren/ })
    .first()
    .click();
  await page.getByText('Een tekst voor leraren.').waitFor();
  await button(/Gedaan, ga verder/).click();
  await page.getByRole('heading', { level: 1, name: 'Leren differentiëren' }).waitFor();

  // Progress stays, and goes on from the own page.
  await as(world.an, '/academie/mijn');
  await isSound('self-paced-mine');
  await button(/Ga verder/).click();
  await page
    .getByRole('link', { name: /In je klas/ })
    .first()
    .click();
  await page.getByText('Een tekst voor leraren.').waitFor();
  await button(/Gedaan, ga verder/).click();
  await page.getByRole('heading', { level: 1, name: 'Leren differentiëren' }).waitFor();
  // At the end too, nobody speaks as to a child.
  await page.getByText('Je hebt dit spoor helemaal doorlopen.').waitFor();
  await button('Druk af').waitFor();
  expect(await page.getByText(/leerkracht|mama|leerling/).count()).toBe(0);
  await isSound('self-paced-end');
  await world.portal.drain();
  expect(await states(world.an)).toEqual(['attended']);
  expect(await certificates(world.an)).toMatchObject([{ title: 'Differentiëren', minutes: 20 }]);
  expect(await heard(world, world.an.personId)).toMatchObject({ booked: 1, certificate: 1 });
  // Going through it again changes nothing.
  await as(world.an, `/academie/vorming/${id}`);
  await button('Bekijk het leerspoor').click();
  await page.getByRole('heading', { level: 1, name: 'Leren differentiëren' }).waitFor();
  await world.portal.drain();
  expect(await certificates(world.an)).toHaveLength(1);
});

test('the rule for certificates applies; who leaves and comes back after the end has it; a path that is gone is said', async () => {
  const none = await training(world, { title: 'Zonder attest', certificate: 'none', pathId });
  const begin = (who: Person, id: string) => who.post(`/api/academy/catalogue/${id}/path`, { school: world.wegwijzer.id });
  // The path is done already: beginning the training completes it.
  expect((await begin(world.an, none)).status).toBe(200);
  expect(await states(world.an)).toEqual(['attended', 'attended']);
  expect(await certificates(world.an)).toHaveLength(1);

  const id = await training(world, { title: 'Met attest', pathId });
  expect((await begin(bo, id)).body.address).toMatch(/^\/leertraject\//);
  expect((await begin(bo, id)).status).toBe(200);
  expect(await states(bo)).toEqual(['booked']);
  const assignment = (await begin(bo, id)).body.address.split('/').at(-1);
  const trainingOf = async (who: Person) => (await who.get(`/api/academy/my-learning/paths/${assignment}`)).body.training;
  expect(await trainingOf(bo)).toEqual({ id, title: 'Met attest', attended: false });
  // Nobody else learns of it.
  expect(await trainingOf(world.an)).toBeNull();
  const [own] = (await bo.get('/api/academy/my-learning')).body.enrolments;
  await bo.post(`/api/academy/enrolments/${own.id}/cancellation`, { reason: '' });
  await begin(bo, id);
  expect((await states(bo)).filter((state: string) => state === 'booked')).toHaveLength(1);

  // Not of one's own school, not for a draft, not for a path that is nobody's.
  expect((await bo.post(`/api/academy/catalogue/${id}/path`, { school: world.linde.id })).status).toBe(404);
  expect((await begin(bo, await training(world, { state: 'draft', pathId }))).status).toBe(404);
  expect((await begin(bo, await training(world))).status).toBe(404);
  const wrong = { title: 'Fout', pathId: world.kaai.id };
  const { status, body } = await world.planner.post(`/api/academy/desk/providers/${world.kaai.id}/trainings`, wrong);
  expect([status, body.type]).toEqual([422, expect.stringContaining('path-gone')]);
  // Nobody of another provider or school sees who follows it.
  expect((await world.otherPlanner.get('/api/academy/desk/events')).body.events).toEqual([]);
});
