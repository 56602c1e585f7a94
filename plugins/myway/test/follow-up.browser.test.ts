import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { createWorld, type Person, type World } from './world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({}, { uiFolder });
  browser = await launch();
  await world.platform.work('library', ({ curriculum }) =>
    curriculum.importFrom([new URL('./topics.ttl', import.meta.url).pathname]),
  );
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

async function visit(person: Person, path: string, run: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
  const page = await openPage(browser, world.platform.url, options);
  try {
    await page.context().addCookies([{ name: 'ilearn', value: person.client.cookie('ilearn') ?? '', url: world.platform.url }]);
    await page.goto(world.platform.url + path);
    await run(page);
  } finally {
    await page.context().clearCookies();
    await closePage(page);
  }
}

/** What axe finds in our own pages; the shell around them answers for itself. */
const faults = async (page: Page) => (await axe(page)).filter((line) => /myway-/.test(line.split(': ')[0] ?? ''));
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
const withdraw = (id: string) =>
  world.platform.work('library', ({ knex }) => knex('activities').where({ id }).update({ available: false }));

test('a teacher is told that an activity no longer works, replaces it everywhere, and undoes it', async () => {
  const about = { conceptUris: ['urn:test:lezen'], ageFrom: 6, ageTo: 8 };
  const gone = await world.ltiActivity({ title: 'Oude leesoefening', ...about });
  await world.ltiActivity({ title: 'Nieuwe leesoefening', ...about });
  const path = await world.path([gone], { title: 'Leren lezen' });
  await world.path([gone], { title: 'Nog meer lezen' });
  await world.assign(path.id);
  await withdraw(gone);

  await visit(world.teacher, '/', async (page) => {
    await page.getByRole('link', { name: /Oude leesoefening/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Activiteiten die niet meer werken' }).waitFor();
    await page.getByText('in 2 sporen · 1 klas · 2 leerlingen').waitFor();
    await page.getByRole('button', { name: 'Toon de sporen Oude leesoefening' }).click();
    await page.getByRole('link', { name: 'Leren lezen' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.getByRole('button', { name: 'Kies iets anders Oude leesoefening' }).click();
    await page.getByRole('radio', { name: /Nieuwe leesoefening/ }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Vervang in 2 sporen' }).click();
    await page.getByText('Alles in je sporen werkt').waitFor();
    await page.getByText('“Oude leesoefening” werd “Nieuwe leesoefening”, in 2 stappen').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Maak ongedaan Oude leesoefening' }).click();
    await page.getByText('in 2 sporen · 1 klas · 2 leerlingen').waitFor();
  });
});

test('a link that no longer answers is marked in the builder, on the board and in the step, which stays open', async () => {
  const link = await world.activity({ title: 'Oud spel', content: { kind: 'link', url: 'https://spel.voorbeeld.be/' } });
  const path = await world.path([link, await world.activity({ title: 'Uitleg' })], { title: 'Spelen' });
  const { id } = await world.assign(path.id);
  await world.platform.work('library', ({ knex }) =>
    knex('link_checks').insert({
      activity_id: link,
      url: 'https://spel.voorbeeld.be/',
      host: 'spel.voorbeeld.be',
      state: 'broken',
    }),
  );
  const address = `/mijn-paden/${id}/stap/${path.steps[0].id}`;
  await visit(world.teacher, `/paden/${path.id}`, async (page) => {
    const checks = page.getByRole('list', { name: 'Wat je nog kunt nakijken' });
    await checks.getByText('de link werkt niet').waitFor();
    await page.locator('myway-step-list').getByText('link werkt niet').waitFor();
    await checks.getByRole('button', { name: '1. Oud spel' }).click();
    const inspector = page.locator('myway-step-inspector');
    await inspector.getByText('De website achter deze link antwoordde de laatste keren niet.').waitFor();
    await inspector.getByRole('button', { name: 'Vervang deze activiteit' }).waitFor();
    await picture(page, 'link-broken-builder');
    expect(await faults(page)).toEqual([]);
  });
  await visit(world.teacher, `/opvolging/${id}`, async (page) => {
    await page.getByRole('columnheader', { name: /Oud spel.*link werkt niet/ }).waitFor();
    await picture(page, 'link-broken-board');
    expect(await faults(page)).toEqual([]);
  });
  await visit(world.pupils[0], address, async (page) => {
    await page.getByText('De laatste keer werkte deze website niet.').waitFor();
    await page.getByRole('link', { name: 'Open de website' }).waitFor();
    await picture(page, 'link-broken-step');
    expect(await faults(page)).toEqual([]);
  });
});

test('on the board a teacher lets a pupil skip a step, gives a score with words and writes a message; the pupil reads it', async () => {
  const path = await world.path([await world.ltiActivity({ title: 'Sprong' }), await world.ltiActivity({ title: 'Toets' })]);
  const { id } = await world.assign(path.id);
  const [pupil] = world.pupils;
  await visit(world.teacher, `/opvolging/${id}?leerling=${pupil.id}`, async (page) => {
    const panel = page.locator('myway-pupil-panel');
    const decide = async (title: string, what: string) => {
      await panel.getByRole('button', { name: `Meer ${title}` }).click();
      await panel.getByRole('menuitem', { name: what }).click();
    };
    await decide('Sprong', 'Laat overslaan');
    await panel.getByText('hoeft niet').first().waitFor();
    await decide('Toets', 'Score of boodschap');
    await page.getByLabel('Score', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await page.getByText('Geef een score van 0 tot het maximum, zoals 7 op 10.').waitFor();
    await page.getByLabel('Score', { exact: true }).fill('7,5');
    await page.getByLabel('Wat je zegt').fill('Mooi uitgelegd aan het bord.');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await panel.getByText('eigen score').first().waitFor();
    await panel.getByRole('button', { name: 'Schrijf een boodschap' }).click();
    await page.getByLabel('Je boodschap').fill('Kom je straks even langs?');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Verstuur' }).click();
    await page.getByText('Verstuurd aan 1 leerling.').waitFor();
    expect(await faults(page)).toEqual([]);
  });
  await visit(pupil, `/mijn-paden/${id}`, async (page) => {
    await page.getByText('Kom je straks even langs?').waitFor();
    await page.getByText('Mooi uitgelegd aan het bord.').waitFor();
    await page.getByText('dit hoef je niet te doen').first().waitFor();
    expect(await faults(page)).toEqual([]);
  });
});

test('a teacher makes a group of those below 60 % on a step', async () => {
  const path = await world.path([await world.ltiActivity({ title: 'Instap' })], { title: 'Groepen' });
  const { id } = await world.assign(path.id);
  const of = { assignmentId: id, stepId: path.steps[0].id };
  await world.score({ ...of, pupil: world.pupils[0], scoreGiven: 4 });
  await world.score({ ...of, pupil: world.pupils[1], scoreGiven: 9 });
  await visit(world.teacher, `/opvolging/${id}`, async (page) => {
    await page.getByRole('button', { name: 'Meer' }).first().click();
    await page.getByRole('menuitem', { name: /Maak een groep/ }).click();
    await page.getByText('1 leerling: Noor Aerts').waitFor();
    await page.getByLabel('Naam van de groep').fill('Nog eens oefenen');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Maak de groep' }).click();
    await page.getByText('De groep “Nog eens oefenen” heeft 1 leerling.').waitFor();
  });
  const { body } = await world.teacher.client.get('/api/myway/classes');
  expect(body).toContainEqual(expect.objectContaining({ name: 'Nog eens oefenen', kind: 'group', pupils: 1 }));
});

test('what a pupil finishes without a connection is sent when it is back', async () => {
  const path = await world.path([await world.activity({ title: 'Verhaal' }), await world.activity({ title: 'Vragen' })]);
  const { id } = await world.assign(path.id);
  const [pupil] = world.pupils;
  await visit(pupil, `/mijn-paden/${id}`, async (page) => {
    await page
      .getByRole('link', { name: /Verhaal/ })
      .first()
      .click();
    await page.getByText('Een tekst.').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: /Gelezen/ }).click();
    await page.getByText('Je bent even niet verbonden').waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('ilearn.own.')))).toEqual([
      `ilearn.own.${pupil.id}.myway.unsent`,
    ]);
    expect((await pupil.client.get(`/api/myway/my-paths/${id}`)).body.done).toBe(0);
    await page.context().setOffline(false);
    await page.getByText('Je bent weer verbonden. 1 stap is doorgestuurd.').waitFor();
    expect((await pupil.client.get(`/api/myway/my-paths/${id}`)).body.done).toBe(1);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('ilearn.own.')))).toEqual([]);
  });
});

test('what a pupil types is kept across a reload, an ended session and a lost connection, and sent when it is back', async () => {
  const path = await world.path([]);
  const saved = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    ...path,
    title: 'Bewaard',
    sequence: 'free',
    steps: [
      { content: { kind: 'task', text: 'Vertel over je hond.', maximum: null }, title: 'Mijn hond' },
      {
        title: 'Twee vragen',
        content: {
          kind: 'quiz',
          questions: [
            {
              kind: 'choice',
              text: 'Wat blaft?',
              options: [
                { text: 'De hond', right: true },
                { text: 'De kat', right: false },
              ],
            },
            { kind: 'word', text: 'Wat miauwt?', answers: ['kat'] },
          ],
        },
      },
    ],
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  const [task, quiz] = saved.body.steps.map(({ id }: { id: string }) => id);
  const { id } = await world.assign(path.id);
  const [, pupil] = world.pupils;
  const address = (stepId: string) => `/mijn-paden/${id}/stap/${stepId}`;
  const kept = (page: Page) =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('ilearn.own.')).length);
  await visit(pupil, address(task), async (page) => {
    const words = page.getByLabel('Je antwoord');
    await words.fill('Mijn hond heet Bobbie');
    await page.reload();
    await page.getByText('Dit schreef je eerder.').waitFor();
    expect(await words.inputValue()).toBe('Mijn hond heet Bobbie');
    expect(await faults(page)).toEqual([]);

    // The session ends while the pupil types: it stays, whichever way the pupil goes on.
    await words.fill('Mijn hond heet Bobbie en hij');
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await page.goto(world.platform.url + address(task));
    await page.waitForURL(/aanmelden/);
    expect(await kept(page)).toBe(1);
    await page.context().addCookies(cookies);
    await page.goto(world.platform.url + address(task));
    await page.getByText('Dit schreef je eerder.').waitFor();
    expect(await words.inputValue()).toBe('Mijn hond heet Bobbie en hij');
    // What is as it was handed in is no draft.
    await words.fill('');
    expect(await kept(page)).toBe(0);

    await words.fill('Mijn hond heet Bobbie en hij blaft.');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Dien in' }).click();
    await page.getByText('dienen hem straks voor je in').waitFor();
    await page.getByText('Je bent even niet verbonden').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Je bent weer verbonden. 1 stap is doorgestuurd.').waitFor();
    expect(await kept(page)).toBe(0);
    const { body } = await pupil.client.get(`/api/myway/my-paths/${id}/steps/${task}/work`);
    expect(body.handedIn.text).toBe('Mijn hond heet Bobbie en hij blaft.');
  });
  // Files that were chosen stay too, across a reload and a lost connection; removing one forgets it.
  await visit(pupil, address(task), async (page) => {
    await page.getByRole('button', { name: 'Dien iets anders in' }).click();
    const chosen = page.locator('ul.chosen');
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`Dit is ${name}.`) });
    await page.locator('input[type=file]').setInputFiles([file('hond.txt'), file('kat.txt')]);
    await page.getByText('de bestanden die je kiest, blijven op dit toestel').waitFor();
    await page.reload();
    await chosen.getByText('kat.txt').waitFor();
    await page.getByRole('button', { name: 'Haal kat.txt weg' }).click();
    await page.reload();
    await chosen.getByText('hond.txt').waitFor();
    expect(await chosen.locator('li').count()).toBe(1);
    expect(await faults(page)).toEqual([]);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Dien in' }).click();
    await page.getByText('dienen hem straks voor je in').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Je bent weer verbonden. 1 stap is doorgestuurd.').waitFor();
    const { body } = await pupil.client.get(`/api/myway/my-paths/${id}/steps/${task}/work`);
    expect(body.handedIn).toMatchObject({ text: 'Mijn hond heet Bobbie en hij blaft.', files: [{ name: 'hond.txt' }] });
    expect(await kept(page)).toBe(0);
    await page.goto(world.platform.url + address(task));
    await page.getByRole('button', { name: 'Dien iets anders in' }).click();
    expect(await chosen.count()).toBe(0);
  });
  // They are that pupil's: gone when somebody else signs in on the device.
  await visit(pupil, address(task), async (page) => {
    await page.getByRole('button', { name: 'Dien iets anders in' }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name: 'geheim.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
    await page.getByText('de bestanden die je kiest, blijven op dit toestel').waitFor();
    const files = () =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const opening = indexedDB.open('ilearn.own', 1);
            opening.onsuccess = () => {
              const all = opening.result.transaction('files').objectStore('files').getAllKeys();
              all.onsuccess = () => resolve(all.result.length);
            };
          }),
      );
    expect(await files()).toBe(1);
    const other = world.pupils[0].client.cookie('ilearn') ?? '';
    await page.context().addCookies([{ name: 'ilearn', value: other, url: world.platform.url }]);
    await page.goto(`${world.platform.url}/mijn-paden`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(files).toBe(0);
  });
  await visit(pupil, address(quiz), async (page) => {
    await page.getByLabel('De hond').check();
    await page.getByLabel('Je antwoord').fill('kat');
    await page.reload();
    await page.getByText('Dit vulde je eerder in.').waitFor();
    expect(await page.getByLabel('De hond').isChecked()).toBe(true);
    expect(await page.getByLabel('Je antwoord').inputValue()).toBe('kat');
    expect(await faults(page)).toEqual([]);
    // The response of the first try gets lost: it counts once.
    const lose = async (route: Route) => {
      await route.fetch();
      await route.abort('connectionfailed');
    };
    await page.route('**/answers', lose, { times: 1 });
    await page.getByRole('button', { name: 'Kijk mijn antwoorden na' }).click();
    await page.getByText('kijken ze straks na').waitFor();
    await page.getByText('1 stap is doorgestuurd.').waitFor();
    expect(await kept(page)).toBe(0);
    const { body } = await pupil.client.get(`/api/myway/my-paths/${id}`);
    expect(body.steps[1]).toMatchObject({ state: 'done', tries: 1, score: { given: 2, maximum: 2 } });
  });
  await visit(world.teacher, `/opvolging/${id}?leerling=${pupil.id}`, (page) =>
    page.getByText('Mijn hond heet Bobbie en hij blaft.').waitFor(),
  );
});

test('on the board a teacher gives one pupil something more and something else; others see no difference', async () => {
  const about = { conceptUris: ['urn:test:lezen'], ageFrom: 6, ageTo: 8 };
  const path = await world.path([await world.ltiActivity({ title: 'Lees traag', ...about })], { title: 'Voor één leerling' });
  await world.ltiActivity({ title: 'Lees nog trager', ...about });
  const { id } = await world.assign(path.id);
  const [pupil, other] = world.pupils;
  await visit(world.teacher, `/opvolging/${id}?leerling=${pupil.id}`, async (page) => {
    const panel = page.locator('myway-pupil-panel');
    const choose = async (what: string) => {
      await panel.getByRole('button', { name: 'Meer Lees traag' }).click();
      await panel.getByRole('menuitem', { name: what }).click();
      await page.getByRole('radio', { name: /Lees nog trager/ }).check();
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Geef deze activiteit' }).click();
    };
    await choose('Geef er iets bij');
    await panel.getByText('alleen voor deze leerling').waitFor();
    const row = page.getByRole('grid').getByRole('row', { name: /Aerts/ });
    await row.getByText('0 van 2').waitFor();
    await row.getByText('1 extra stap. Lees nog trager: nog niet open').waitFor({ state: 'attached' });
    await choose('Geef iets anders');
    await panel.getByText('doet in de plaats: Lees nog trager').waitFor();
    await row.getByRole('button', { name: /doet iets anders/ }).waitFor();
    await page
      .getByRole('grid')
      .getByRole('row', { name: /Peeters/ })
      .getByText('0 van 1')
      .waitFor();
    await page.getByRole('button', { name: 'Wat de tekens betekenen' }).click();
    expect(await faults(page)).toEqual([]);
    await picture(page, 'board-extra');
  });
  await visit(pupil, `/mijn-paden/${id}`, (page) => page.getByText('0 van 2 klaar').first().waitFor());
  await visit(other, `/mijn-paden/${id}`, async (page) => {
    await page.getByText('0 van 1 klaar').first().waitFor();
    expect(await page.getByText('Lees nog trager').count()).toBe(0);
  });
});

test('a teacher lets colleagues work on a path, publishes it, takes it along as a file, and gives it to all classes from a day on', async () => {
  const class3D = await world.group({ school: world.school, name: '3D', teachers: [world.teacher], pupils: [] });
  const path = await world.path([await world.ltiActivity({ title: 'Mee te nemen' })], { title: 'Voor iedereen' });
  const later = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  let file = '';
  await visit(world.teacher, `/paden/${path.id}`, async (page) => {
    await page.getByText('Collega’s van mijn school mogen meewerken').click();
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByText('Delen met andere scholen').click();
    await page.getByLabel('Wat is er nieuw?').fill('De eerste versie');
    await page.getByRole('button', { name: 'Publiceer' }).click();
    await page.getByText('Het spoor wordt gepubliceerd.').waitFor();
    await page.getByText('Meenemen als bestand').click();
    await page.getByText('Een ander portaal heeft zelf nodig:').waitFor();
    expect(await faults(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Voor i-Learn (JSON)' }).click(),
    ]);
    file = (await download.path()) ?? '';

    await page.getByRole('button', { name: 'Geef aan leerlingen' }).click();
    await page.locator('myway-assign-dialog wa-select').click();
    await page.getByRole('option', { name: /Alle klassen van het 3e leerjaar/ }).click();
    await page.getByLabel('Begint op').fill(later);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Geef het spoor' }).click();
    await page.getByText('“Voor iedereen” is aan 2 klassen gegeven.').waitFor();
  });
  await world.platform.work('myway', ({ jobs }) => jobs.enqueue('publish-paths', {}));
  await world.platform.drain();
  await visit(world.colleague, `/paden/${path.id}`, (page) => page.getByText('Je mag het mee wijzigen.').waitFor());
  await visit(world.teacher, '/paden', async (page) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Haal een bestand binnen' }).click();
    await (await chooser).setFiles(file);
    await page.getByText('Het spoor is gemaakt.').first().waitFor();
  });
  const named = async (scope: string) =>
    (await world.teacher.client.get(`/api/myway/paths?scope=${scope}&q=Voor iedereen`)).body.paths.length;
  expect(await named('own')).toBe(2);
  // The pupils do not have it yet.
  const given = (await world.teacher.client.get(`/api/myway/assignments?path=${path.id}`)).body;
  expect(given.map(({ beginsOn, class: { id } }: any) => [id === class3D || id === world.class3A, beginsOn])).toEqual([
    [true, later],
    [true, later],
  ]);
  expect(JSON.stringify((await world.pupils[0].client.get('/api/myway/my-paths')).body)).not.toContain('Voor iedereen');
});

test('every page in the dark at 320 px, and at 200 %', async () => {
  const path = await world.path([await world.ltiActivity({ title: 'Een oefening met een naam van meer woorden' })]);
  const saved = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    ...path,
    title: 'In het donker',
    sequence: 'free',
    steps: [
      { id: path.steps[0].id, activityId: path.steps[0].activityId },
      { content: { kind: 'task', text: 'Schrijf iets.', maximum: 10 }, title: 'Schrijven' },
      { content: { kind: 'quiz', questions: [{ kind: 'word', text: 'Hoe heet je?', answers: ['x'] }] }, title: 'Een vraag' },
    ],
  });
  const [exercise, task, quiz] = saved.body.steps.map(({ id }: { id: string }) => id);
  const { id } = await world.assign(path.id, { dueOn: '2099-06-30' });
  const [pupil] = world.pupils;
  await world.score({ assignmentId: id, stepId: exercise, pupil, scoreGiven: 3 });
  const dark = { colorScheme: 'dark' as const, viewport: { width: 320, height: 640 } };
  const teachers = [
    '/',
    '/paden',
    `/paden/${path.id}`,
    '/paden/vervangen',
    '/opvolging',
    `/opvolging/${id}?leerling=${pupil.id}`,
  ];
  const pupils = ['/', '/mijn-paden', `/mijn-paden/${id}`, `/mijn-paden/${id}/stap/${task}`, `/mijn-paden/${id}/stap/${quiz}`];
  for (const [person, address] of [
    ...teachers.map((each) => [world.teacher, each] as const),
    ...pupils.map((each) => [pupil, each] as const),
  ]) {
    await visit(
      person,
      address,
      async (page) => {
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await expect.poll(() => page.locator('il-skeleton:visible').count(), { timeout: 20_000 }).toBe(0);
        for (const width of [320, 640]) {
          await page.setViewportSize({ width, height: 640 });
          if (width === 640) await page.emulateMedia({ colorScheme: 'light' });
          expect([address, await fits(page), await faults(page)]).toEqual([address, true, []]);
        }
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.setViewportSize({ width: 320, height: 640 });
        await picture(page, `dark-${address.split('/').slice(1, 2)}-${address.length}`);
      },
      dark,
    );
  }
});

test('what is kept on a device for a person is gone when they sign out, and when somebody else signs in', async () => {
  const pupil = await world.person('pupil', world.school, 'Toestel');
  const keys = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('ilearn.own.')));
  await visit(pupil, '/mijn-paden', async (page) => {
    await page.evaluate((id) => {
      localStorage.setItem(`ilearn.own.${id}.work`, 'x');
      localStorage.setItem('ilearn.own.somebody-else.work', 'x');
    }, pupil.id);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await keys(page)).toEqual([`ilearn.own.${pupil.id}.work`]);
    await page.getByRole('button', { name: /Noor Toestel/ }).click();
    await page.getByRole('menuitem', { name: 'Afmelden' }).click();
    await page.waitForURL(/aanmelden/);
    expect(await keys(page)).toEqual([]);
  });
});

test('a class and a pupil by topic and by week: drawn, and as a table', async () => {
  const [pupil] = world.pupils;
  const path = await world.path([await world.ltiActivity({ title: 'Lees', conceptUris: ['urn:test:lezen'] })], {
    title: 'Weken',
  });
  const { id } = await world.assign(path.id);
  await world.score({ assignmentId: id, stepId: path.steps[0].id, pupil, scoreGiven: 6 });
  await visit(world.teacher, '/opvolging', async (page) => {
    // The pages of the directory have these in their slots, and load them.
    await page.locator('myway-follow-up-page').waitFor();
    await page.evaluate(`{
      const { plugins } = JSON.parse(document.querySelector('#ilearn-portal').textContent);
      import(plugins.find(({ id }) => id === 'myway').entry).then(() => {});
    }`);
    await page.evaluate(
      ({ classId, pupilId, school }) => {
        const main = document.querySelector('main') ?? document.body;
        const ofClass = Object.assign(document.createElement('myway-class-topics'), {
          context: { id: classId, school, name: '3A' },
        });
        const ofPupil = Object.assign(document.createElement('myway-person-time'), {
          context: { id: pupilId, kind: 'pupil', school, givenName: 'Noor' },
        });
        main.append(ofClass, ofPupil);
      },
      { classId: world.class3A, pupilId: pupil.id, school: world.school },
    );
    await page.getByRole('button', { name: 'Toon wat de klas deed' }).click();
    await page.locator('myway-class-topics').getByRole('rowheader', { name: 'Lezen' }).waitFor();
    const time = page.locator('myway-person-time');
    await time.getByRole('img', { name: /stap(pen)? klaar in/ }).waitFor();
    await time.getByText('Toon als tabel').click();
    await time.getByRole('columnheader', { name: 'Gemiddelde score' }).waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
