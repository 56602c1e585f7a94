import { expect, test } from 'vitest';
import { picture } from '../../../ui/test/browser.js';
import { faults, fits, useBrowser, visit, world } from './in-browser.js';

useBrowser({
  prepare: () =>
    world.platform.work('library', ({ curriculum }) =>
      curriculum.importFrom([new URL('./topics.ttl', import.meta.url).pathname]),
    ),
});

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
