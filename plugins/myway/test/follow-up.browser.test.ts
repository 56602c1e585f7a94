import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { picture } from '../../../ui/test/browser.js';
import { faults, useBrowser, visit, world } from './in-browser.js';

useBrowser({
  prepare: () =>
    world.platform.work('library', ({ curriculum }) =>
      curriculum.importFrom([new URL('./topics.ttl', import.meta.url).pathname]),
    ),
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
