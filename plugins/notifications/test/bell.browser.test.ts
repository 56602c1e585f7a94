import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import notifications from '@ilearn/plugin-notifications';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { createWorld, type Person, type World } from '../../myway/test/world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const telephone = { viewport: { width: 390, height: 800 }, colorScheme: 'dark' } as const;

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({}, { uiFolder, plugins: [notifications] });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const visit = (who: Person, path: string, run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) =>
  visitAs(browser, { url: world.platform.url, path, cookie: who.client.cookie('ilearn') }, run, options);
const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await axe(page)).toEqual([]);
};
const send = (to: Person, place: string, title: string) =>
  world.platform.work('myway', ({ notifications: { notify } }) =>
    notify.send({ kind: 'myway.path-given', to: [to.id], place, params: { title } }),
  );

test('a pupil sees in the bell, live, that the teacher gave a path, and opens it by keyboard', () => {
  const [noor, lotte] = world.pupils;
  return visit(noor, '/mijn-paden', async (page) => {
    await page.getByRole('link', { name: 'Meldingen', exact: true }).waitFor();
    await fits(page);
    const { id } = await world.path([await world.activity()], { title: 'De tafel van 7' });
    await world.assign(id, { pupilIds: [noor.id] });
    const bell = page.getByRole('link', { name: 'Meldingen, 1 ongelezen' });
    await bell.waitFor();
    await fits(page);
    await picture(page, 'notifications-bell');
    await bell.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Meldingen', level: 1 }).waitFor();
    const line = page.getByRole('link', { name: /Nieuw: Je hebt een nieuw leerspoor: De tafel van 7/ });
    await line.focus();
    await fits(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'De tafel van 7', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Meldingen', exact: true }).waitFor();
    // The other pupil did not get the path, and hears nothing.
    expect((await lotte.client.get('/api/notifications/inbox')).body).toMatchObject({ total: 0, unread: 0 });
  });
});

test('the list has pages, tells what is new, and marks as read one or all', () => {
  const { teacher } = world;
  return visit(teacher, '/meldingen', async (page) => {
    await page.getByText('Nog geen meldingen').waitFor();
    await fits(page);
    await picture(page, 'notifications-none');
    for (let n = 1; n <= 23; n++) await send(teacher, `/mijn-paden/${n}`, `de uitstap ${n}`);
    await send(teacher, '/mijn-paden/23', 'de uitstap 23');
    await page.getByRole('link', { name: 'Meldingen, 23 ongelezen' }).waitFor();
    await page.getByText('Je hebt een nieuw leerspoor: de uitstap 23').waitFor();
    await page.getByText('2 keer', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Markeer als gelezen: Je hebt een nieuw leerspoor: de uitstap 22' }).click();
    await page.getByRole('button', { name: 'Markeer als ongelezen: Je hebt een nieuw leerspoor: de uitstap 22' }).waitFor();
    await page.getByRole('link', { name: 'Meldingen, 22 ongelezen' }).waitFor();
    await fits(page);
    await picture(page, 'notifications-list');
    await page.getByRole('link', { name: 'Ongelezen 22' }).click();
    await page.waitForURL('**/meldingen?ongelezen=ja');
    await expect.poll(() => page.getByText('Je hebt een nieuw leerspoor: de uitstap 22').count()).toBe(0);
    await page.getByRole('link', { name: 'Volgende' }).click();
    await page.getByText('Je hebt een nieuw leerspoor: de uitstap 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Markeer alles als gelezen' }).click();
    await page.getByText('Alles is gelezen').waitFor();
    await page.getByRole('link', { name: 'Meldingen', exact: true }).waitFor();
    await fits(page);
  });
});

test('on a phone the bell is in the bar, and nothing overflows', () => {
  const { coTeacher } = world;
  return visit(
    coTeacher,
    '/meldingen',
    async (page) => {
      await send(coTeacher, '/mijn-paden/1', 'x'.repeat(200));
      await page.getByRole('link', { name: 'Meldingen, 1 ongelezen' }).waitFor();
      await page.getByText(/Je hebt een nieuw leerspoor: xxx/).waitFor();
      await fits(page);
      await picture(page, 'notifications-telephone');
      await page.setViewportSize({ width: 320, height: 640 });
      await fits(page);
      await picture(page, 'notifications-small');
    },
    telephone,
  );
});

test('preferences are chosen by keyboard and kept; without an address there is no e-mail to choose', () => {
  const { pupils, teacher } = world;
  return visit(pupils[1], '/meldingen/voorkeuren', async (page) => {
    await page.getByText('Je school heeft geen e-mailadres van je doorgegeven').waitFor();
    await fits(page);
    await picture(page, 'preferences-pupil');
    await world.platform.work('directory', ({ knex }) =>
      knex('people').where({ id: teacher.id }).update({ email: 'jan@wijzer.example' }),
    );
    await page.context().clearCookies();
    await page
      .context()
      .addCookies([{ name: 'ilearn', value: teacher.client.cookie('ilearn') as string, url: world.platform.url }]);
    await page.goto(`${world.platform.url}/meldingen/voorkeuren`);
    const quiet = page.getByRole('switch', { name: 'Stille uren: dan geen mails' });
    await quiet.focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Van', { exact: true }).fill('18:30');
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await page.getByText('Je voorkeuren zijn bewaard.').waitFor();
    await fits(page);
    await picture(page, 'preferences-teacher');
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'preferences-telephone');
    await page.reload();
    await expect.poll(() => page.getByLabel('Van', { exact: true }).inputValue()).toBe('18:30');
  });
});

test('e-mails are stopped without signing in; the outbox shows none of the recipients', () => {
  const { teacher, platform } = world;
  return visit(teacher, '/meldingen', async (page) => {
    const token = await platform.work('notifications', ({ tokens }) => tokens.sign(teacher.id));
    await page.context().clearCookies();
    await page.goto(`${platform.url}/api/notifications/unsubscribe?token=${token}`);
    await page.getByRole('heading', { name: 'Geen mails meer', level: 1 }).waitFor();
    await fits(page);
    await page.getByRole('button', { name: 'Stuur mij geen mails meer' }).click();
    await page.getByText('Je krijgt geen mails meer.').waitFor();
    await picture(page, 'unsubscribed');
    await page.goto(`${platform.url}/meldingen/afmelden?token=${token}x`);
    await page.getByRole('button', { name: 'Stuur mij geen mails meer' }).click();
    await page.getByText(/de link is beschadigd/).waitFor();
    expect((await teacher.client.get('/api/notifications/preferences')).body.mails).toBe(false);

    const mail = {
      person_id: teacher.id,
      channel: 'daily',
      kinds: '{"myway.path-given":2}',
      state: 'held',
      answer: 'no mail server',
    };
    await platform.work('notifications', ({ knex }) => knex('mails').insert([mail, { ...mail, channel: 'now' }]));
    const operator = '33333333-3333-4333-8333-333333333333';
    await platform.grant(operator, [{ tenant: null, role: 'portal-administrator' }]);
    const cookie = (await platform.signIn(operator)).cookie('ilearn') as string;
    await page.context().addCookies([{ name: 'ilearn', value: cookie, url: platform.url }]);
    await page.goto(`${platform.url}/beheer/uitgaande-mail`);
    await page.getByText('Er is geen mailserver ingesteld').waitFor();
    await page.getByRole('cell', { name: 'Dagelijks overzicht: Een nieuw leerspoor' }).waitFor();
    await fits(page);
    await picture(page, 'outbox');
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'outbox-telephone');
    await page.getByRole('link', { name: /^Verstuurd/ }).click();
    await page.getByText('Geen mails', { exact: true }).waitFor();
    await page.getByRole('button', { name: /Taal: / }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Français' }).click();
    await page.getByRole('heading', { name: 'E-mails sortants', level: 1 }).waitFor();
  });
});
