import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { schoolClass } from '@ilearn/plugin-directory/testing';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { extractText } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { slotGuest } from '../../../ui/test/slot-guest.js';
import { createWorld, type Person, type World } from './world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Options that no other page has, and so a context of its own: pages with the same options share their cookies. */
const otherBrowser: BrowserContextOptions = { viewport: { width: 1300, height: 800 } };

const slots = ['myway.my-paths', 'myway.path', 'myway.step'];
const guest = await slotGuest(
  'guest',
  { myway: '^0.1.0' },
  slots.flatMap((slot) => ['path:follow', 'path:write'].map((permission) => ({ slot, permission }))),
);

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({}, { uiFolder, plugins: [guest.plugin] });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await guest.remove();
});

/** Opens a page as this person; whatever the page's own policy forbids fails the test. */
async function visit(
  person: Person,
  path: string,
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const page = await openPage(browser, world.platform.url, options);
  try {
    await page.context().addCookies([{ name: 'ilearn', value: person.client.cookie('ilearn') ?? '', url: world.platform.url }]);
    await page.goto(world.platform.url + path);
    await run(page);
    expect(page.faults.filter((fault) => !fault.startsWith(`request to ${world.tool}`))).toEqual([]);
  } finally {
    await page.context().clearCookies();
    if (page.url().startsWith(world.platform.url)) await closePage(page);
    else await page.close();
  }
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
const saved = (page: Page) => page.getByText('Alles is bewaard').waitFor();

/** What axe finds in our own pages; the shell around them answers for itself. */
const faults = async (page: Page) => (await axe(page)).filter((line) => /myway-/.test(line.split(': ')[0] ?? ''));
/** The name of what has the focus, through all shadow roots. */
const focusedText = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim();
  });
let scored = 0;
/** Times of scores, each after the one before. */
const inOrder = () => {
  scored += 1_000;
  return new Date(Date.now() - 3_600_000 + scored).toISOString();
};
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

describe('the main job in a browser', () => {
  test('from an empty path to a score on the class board', async () => {
    await world.activity({
      title: 'Uitleg over vermenigvuldigen',
      content: { kind: 'text', markdown: 'Vermenigvuldigen is **herhaald optellen**.' },
    });
    await world.ltiActivity({ title: 'Oefen de tafel van zeven' });
    const { teacher, pupils } = world;

    await visit(teacher, '/paden', async (page) => {
      await heading(page, 'Leersporen');
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Nieuw spoor' }).first().click();
      await page.getByLabel('Naam van het spoor').fill('De tafels');
      await page.getByRole('button', { name: 'Maak het spoor' }).click();

      await heading(page, 'De tafels');
      await page.getByRole('searchbox', { name: 'Zoek activiteiten' }).fill('tafel zeven');
      await page.getByRole('button', { name: 'Voeg Oefen de tafel van zeven toe' }).click();
      await page.getByRole('searchbox', { name: 'Zoek activiteiten' }).fill('uitleg');
      await page.getByRole('button', { name: 'Voeg Uitleg over vermenigvuldigen toe' }).click();
      await page.getByRole('button', { name: 'Uitleg over vermenigvuldigen: omhoog' }).click();
      await page.getByRole('button', { name: /^Oefen de tafel van zeven Oefening/ }).click();
      await page.getByLabel('Een boodschap bij deze stap').fill('Neem je tijd.');
      await saved(page);
      expect(await faults(page)).toEqual([]);

      await page.getByRole('button', { name: 'Geef aan leerlingen' }).click();
      await page.getByRole('button', { name: 'Geef het spoor' }).click();
      await page.getByText('3A heeft nu “De tafels”.').waitFor();
    });
    const path = (await teacher.client.get('/api/myway/paths?q=De tafels')).body.paths[0];
    expect(path.steps).toMatchObject([
      { shownTitle: 'Uitleg over vermenigvuldigen' },
      { shownTitle: 'Oefen de tafel van zeven' },
    ]);
    const [assignment] = (await teacher.client.get('/api/myway/assignments')).body;

    const [pupil] = pupils;
    await visit(pupil, '/mijn-paden', async (page) => {
      await heading(page, 'Mijn sporen');
      expect(await faults(page)).toEqual([]);
      await page.getByRole('link', { name: 'Start' }).click();
      await heading(page, 'De tafels');
      await page.getByText('Doe eerst “Uitleg over vermenigvuldigen”.').waitFor();
      expect(await page.getByText('Start', { exact: true }).count()).toBe(1);
      expect(await faults(page)).toEqual([]);
      await page.getByRole('link', { name: /Uitleg over vermenigvuldigen/ }).click();

      await heading(page, 'Uitleg over vermenigvuldigen');
      await page.getByText('herhaald optellen').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Gelezen! Ga verder' }).click();

      await heading(page, 'De tafels');
      await page.getByText('Neem je tijd.').waitFor();
      await page.getByRole('link', { name: /Oefen de tafel van zeven/ }).click();
      await page.waitForURL(`${world.tool}/**`);
      await page.getByRole('heading', { name: 'De oefening' }).waitFor();

      await page.goto(`${world.platform.url}/mijn-paden/${assignment.id}?terug=${path.steps[1].id}`);
      await page.getByText('We halen je score op…').waitFor();
      await world.score({ assignmentId: assignment.id, stepId: path.steps[1].id, pupil });
      await page.getByText('Klaar! Je hebt het hele spoor gedaan.').waitFor();
      await page.getByText('8 op 10').first().waitFor();
      expect(await faults(page)).toEqual([]);
    });

    await visit(teacher, '/opvolging', async (page) => {
      await heading(page, 'Opvolging');
      expect(await faults(page)).toEqual([]);
      await page.getByRole('link', { name: '1 klaar' }).click();
      await heading(page, 'De tafels');
      const grid = page.getByRole('grid', { name: /De tafels, 3A/ });
      await grid.getByRole('row', { name: /Aerts/ }).waitFor();
      expect(await grid.locator('tbody').getByRole('row').count()).toBe(1);
      await grid.getByRole('button', { name: 'klaar, 80%' }).waitFor();
      expect(await faults(page)).toEqual([]);
    });
  });
});

describe('the class board', () => {
  test('is used with the arrow keys, shows a pupil’s tries beside it, and lets the teacher complete a step', async () => {
    const path = await world.path([await world.activity({ title: 'Eerst' }), await world.activity({ title: 'Dan' })], {
      title: 'Met het toetsenbord',
    });
    const assignment = await world.assign(path.id);
    await visit(world.teacher, `/opvolging/${assignment.id}`, async (page) => {
      const grid = page.getByRole('grid');
      await grid.getByRole('button', { name: /Aerts/ }).focus();
      for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
      expect(await grid.locator('[tabindex="0"]').count()).toBe(1);
      await page.keyboard.press('Enter');
      const panel = page.getByRole('region', { name: 'Noor Aerts' });
      await panel.waitFor();
      expect(await focusedText(page)).toBe('Noor Aerts');
      expect(new URL(page.url()).searchParams.get('stap')).toBe(path.steps[1].id);
      await page.getByRole('button', { name: 'Markeer als klaar Dan' }).click();
      await page.getByText('door een leraar als klaar gemarkeerd').waitFor();
      await grid.getByRole('row', { name: /Aerts/ }).getByText('1 van 2').waitFor();
      expect(await faults(page)).toEqual([]);

      // The board stays usable beside the panel; the arrow keys go to the next pupil, Escape goes back to the cell.
      await panel.getByRole('heading').focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('region', { name: 'Noor Peeters' }).waitFor();
      expect(await page.getByRole('button', { name: 'Volgende leerling' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Vorige leerling' }).click();
      await panel.waitFor();
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      expect(await focusedText(page)).toBe('klaar');
    });
  });

  test('ux 16: pupils who need the teacher come first; numbers, sizes and the class row', async () => {
    const activities = await Promise.all(['Eerste', 'Tweede'].map((title) => world.ltiActivity({ title })));
    const path = await world.path(activities, { title: 'Wie heeft me nodig', sequence: 'free' });
    const assignment = await world.assign(path.id);
    const other = await world.group({ school: world.school, name: '3C', teachers: [world.teacher], pupils: [world.otherPupil] });
    const sibling = await world.assign(path.id, { classId: other });
    const [aerts, peeters] = world.pupils;
    const [one, two] = path.steps.map(({ id }: { id: string }) => id);
    await world.score({ assignmentId: assignment.id, stepId: one, pupil: peeters, scoreGiven: 2 });
    await visit(world.teacher, `/opvolging/${assignment.id}`, async (page) => {
      const rows = page.getByRole('grid').locator('tbody tr');
      const names = () => rows.locator('th').allInnerTexts();
      await page.getByRole('grid').getByRole('button', { name: 'klaar, lage score, 20%' }).waitFor();
      expect(await names()).toEqual(['Peeters Noor', 'Aerts Noor']);
      expect(await rows.nth(1).getAttribute('class')).toContain('others');

      // A change elsewhere reorders the rows under a focused cell, which keeps the focus.
      await page.getByRole('button', { name: 'Aerts Noor' }).focus();
      for (const scoreGiven of [1, 2, 3]) {
        await world.score({ assignmentId: assignment.id, stepId: two, pupil: aerts, scoreGiven, timestamp: inOrder() });
      }
      await page.getByRole('link', { name: '1 loopt vast' }).waitFor();
      expect(await names()).toEqual(['Aerts Noor', 'Peeters Noor']);
      expect(await focusedText(page)).toBe('Aerts Noor');
      expect(await page.locator('tfoot').innerText()).toMatch(/Hele klas\s+50%\s+50%\s+50%/);

      const sentence = page.getByRole('list', { name: 'Toon' });
      expect(await sentence.getByRole('link').allInnerTexts()).toEqual([
        '2 leerlingen',
        '1 loopt vast',
        '2 met lage score',
        '2 bezig',
      ]);
      await sentence.getByRole('link', { name: '1 loopt vast' }).click();
      await expect.poll(names).toEqual(['Aerts Noor']);
      await page.getByRole('button', { name: 'Weergave', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Op naam' }).click();
      await expect.poll(() => new URL(page.url()).search).toBe('?toon=vast&volgorde=naam');

      const width = async () => (await page.getByRole('button', { name: /^loopt vast/ }).boundingBox())?.width ?? 0;
      expect(await width()).toBe(40);
      await page.getByRole('button', { name: 'Weergave', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Ruime vakken met score' }).click();
      await expect.poll(width).toBeGreaterThan(90);
      await page.reload();
      await page.getByRole('grid').waitFor();
      await expect.poll(width).toBeGreaterThan(90);

      await page.getByRole('button', { name: 'Wat de tekens betekenen' }).click();
      await page.getByRole('list', { name: 'Wat de tekens betekenen' }).getByText('nog na te kijken').waitFor();
      expect(await faults(page)).toEqual([]);

      await page.getByRole('link', { name: 'Volgende klas: 3C' }).click();
      await page.waitForURL(`${world.platform.url}/opvolging/${sibling.id}`);
      await page.getByRole('link', { name: 'Vorige klas: 3A' }).waitFor();
      await page.getByRole('row', { name: /Willems/ }).waitFor();
    });
  });

  test('shows changes made elsewhere without reloading, and exports them to a spreadsheet', async () => {
    const path = await world.path([await world.activity({ title: 'Live' })], { title: 'Live bord' });
    const assignment = await world.assign(path.id);
    await visit(world.teacher, `/opvolging/${assignment.id}`, async (page) => {
      const row = page.getByRole('grid').getByRole('row', { name: /Peeters/ });
      await row.getByText('0 van 1').waitFor();
      await world.pupils[1].client.post(`/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}/done`);
      await row.getByText('1 van 1').waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('button', { name: 'Meer' })
          .click()
          .then(() => page.getByRole('menuitem', { name: 'Download (csv)' }).click()),
      ]);
      expect(download.suggestedFilename()).toBe('Live bord 3A.csv');
    });
  });
});

describe('on paper', () => {
  /** Text of what the page prints, without line breaks. */
  const printed = async (page: Page): Promise<string> => {
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.printToPDF', { paperWidth: 8.27, paperHeight: 11.69, preferCSSPageSize: true });
    await session.detach();
    const bytes = Buffer.from(data, 'base64');
    const { SCREENSHOTS } = process.env;
    if (SCREENSHOTS) await writeFile(join(SCREENSHOTS, `${new URL(page.url()).pathname.split('/')[1]}.pdf`), bytes);
    const { text } = await extractText(new Uint8Array(bytes), { mergePages: true });
    return text.replace(/\s+/g, ' ');
  };
  const times = (text: string, part: string) => text.split(part).length - 1;

  test('ux 1: the printed board has every pupil and every step of 40 × 25, the printed path every step', async () => {
    const families = ['Van den Broeck', 'Özdemir', 'El Amrani', 'Dupré', 'Nguyễn'];
    const names = Array.from({ length: 40 }, (_, index) => ({
      givenName: `Kind${index + 1}x`,
      familyName: families[index % families.length] as string,
    }));
    const pupils = await world.platform.work('directory', ({ people }) =>
      Promise.all(
        names.map((name) => people.create({ ...name, kind: 'pupil', roles: [{ tenant: world.school, role: 'pupil' }] })),
      ),
    );
    const { id: classId } = await schoolClass(
      world.platform,
      { id: world.school },
      {
        name: '6Z',
        teachers: [world.teacher],
        pupils: pupils.map((id: string) => ({ id })),
      },
    );
    const activities: string[] = [];
    for (let index = 1; index <= 25; index++) activities.push(await world.ltiActivity({ title: `Oefening${index}y` }));
    const path = await world.path(activities, { title: 'Het grote spoor', sequence: 'free' });
    const assignment = await world.assign(path.id, { classId });
    await world.score({
      assignmentId: assignment.id,
      stepId: path.steps[24].id,
      pupil: { id: pupils[39] } as Person,
      scoreGiven: 7,
    });
    await visit(world.teacher, `/opvolging/${assignment.id}?toon=vast`, async (page) => {
      await page.getByRole('heading', { name: 'Niemand in deze lijst' }).waitFor();
      const text = await printed(page);
      // 25 steps need three parts, each with all names.
      for (const { givenName, familyName } of names) expect(times(text, `${familyName} ${givenName}`), givenName).toBe(3);
      for (let index = 1; index <= 25; index++) expect(text).toContain(`${index}. Oefening${index}y`);
      expect(text).toContain('70%');
      for (const word of ['Opvolging', 'Weergave', 'Bibliotheek', 'Zoeken']) expect(text).not.toContain(word);
      // The sheet is gone after printing.
      expect(await page.locator('.print-sheet').count()).toBe(0);

      await page.goto(`${world.platform.url}/opvolging/${assignment.id}`);
      await page.getByRole('grid').waitFor();
      // The rows below the screen follow in steps; a key that leads there does not wait for them.
      await page.getByRole('grid').locator('tbody .cell').first().focus();
      await page.keyboard.press('Control+End');
      const last = page.getByRole('grid').locator('tbody tr').nth(39).locator('.cell').last();
      await expect.poll(() => last.evaluate((cell) => (cell.getRootNode() as ShadowRoot).activeElement === cell)).toBe(true);
      await expect.poll(() => page.getByRole('grid').locator('tbody .cell').count()).toBe(40 * 26);
      expect(await page.getByRole('grid').getAttribute('aria-busy')).toBe('false');
      await picture(page, 'board-40x25');
    });
    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      await page.getByRole('textbox', { name: 'Naam van het spoor' }).waitFor();
      const text = await printed(page);
      for (let index = 1; index <= 25; index++) expect(times(text, `Oefening${index}y`), `step ${index}`).toBe(1);
      expect(text).toContain('Het grote spoor');
      for (const word of ['Bekijk als leerling', 'Zoek activiteiten', 'Opvolging']) expect(text).not.toContain(word);
    });
  });
});

describe('live K15', () => {
  /** Timers of the page that would ask again by themselves never run. */
  const withoutPolling = (page: Page) =>
    page.addInitScript(() => {
      const real = globalThis.setInterval;
      globalThis.setInterval = ((fn: () => void, ms: number) => (ms >= 1_000 ? 0 : real(fn, ms))) as typeof setInterval;
    });
  const opened = async (
    person: Person,
    path: string,
    options: BrowserContextOptions,
    before: (page: Page) => Promise<unknown>,
  ) => {
    const page = await openPage(browser, world.platform.url, options);
    await page.context().addCookies([{ name: 'ilearn', value: person.client.cookie('ilearn') ?? '', url: world.platform.url }]);
    await before(page);
    await page.goto(world.platform.url + path);
    return page;
  };
  const close = async (...pages: Page[]) => {
    for (const page of pages) {
      await page.context().clearCookies();
      await closePage(page);
    }
  };

  test('the class board shows what a pupil does in another browser, without a reload and without asking', async () => {
    const path = await world.path([await world.activity({ title: 'Lezen' }), await world.activity({ title: 'Nog lezen' })], {
      title: 'Twee browsers',
    });
    const assignment = await world.assign(path.id);
    const board = await opened(world.teacher, `/opvolging/${assignment.id}`, {}, withoutPolling);
    const row = board.getByRole('grid').getByRole('row', { name: /Peeters/ });
    await row.getByText('0 van 2').waitFor();
    const pupil = await opened(world.pupils[1], `/mijn-paden/${assignment.id}`, phone, withoutPolling);
    for (const [title, shown] of [
      [/: Lezen$/, '1 van 2'],
      [/: Nog lezen$/, '2 van 2'],
    ] as const) {
      await pupil.getByRole('link', { name: title }).first().click();
      await pupil.getByRole('button', { name: 'Gelezen! Ga verder' }).click();
      await row.getByText(shown).waitFor();
    }
    // A teacher lets the pupil begin anew: the pupil's own page shows it.
    await world.teacher.client.put(
      `/api/myway/assignments/${assignment.id}/pupils/${world.pupils[1].id}/steps/${path.steps[0].id}`,
      { state: 'todo' },
    );
    await pupil.getByText('1 van 2 klaar').first().waitFor();
    await row.getByText('1 van 2').waitFor();
    expect(board.faults).toEqual([]);
    await close(board, pupil);
  });

  test('a board in a hidden tab closes its connection, and is up to date when it is shown again', async () => {
    const path = await world.path([await world.activity({ title: 'Lezen' })], { title: 'Verborgen' });
    const assignment = await world.assign(path.id);
    const board = await opened(world.teacher, `/opvolging/${assignment.id}`, {}, (page) => page.clock.install());
    const row = board.getByRole('grid').getByRole('row', { name: /Peeters/ });
    await row.getByText('0 van 1').waitFor();
    const streams = async () =>
      Number(/^ilearn_live_connections (\d+)/m.exec((await world.platform.client().get('/metrics')).body)?.[1]);
    const become = (state: string) =>
      board.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await expect.poll(streams).toBe(1);
    await become('hidden');
    await board.clock.fastForward(11_000);
    await expect.poll(streams).toBe(0);
    await world.pupils[1].client.post(`/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}/done`);
    await become('visible');
    await row.getByText('1 van 1').waitFor();
    await expect.poll(streams).toBe(1);
    await close(board);
  });

  test('the class board polls if no live connection is available', async () => {
    const path = await world.path([await world.activity({ title: 'Lezen' })], { title: 'Zonder stroom' });
    const assignment = await world.assign(path.id);
    const board = await opened(world.teacher, `/opvolging/${assignment.id}`, {}, async (page) => {
      await page.route('**/live?*', (route) => route.fulfill({ status: 502, body: '' }));
      await page.addInitScript(() => {
        const real = globalThis.setInterval;
        globalThis.setInterval = ((fn: () => void, ms: number) => real(fn, ms / 20)) as typeof setInterval;
      });
    });
    const row = board.getByRole('grid').getByRole('row', { name: /Peeters/ });
    await row.getByText('0 van 1').waitFor();
    await world.pupils[1].client.post(`/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}/done`);
    await row.getByText('1 van 1').waitFor();
    await close(board);
  });
});

describe('the tool’s comment on the work', () => {
  test('LTI F3, F4, F7, F14: is on the page of the pupil and on the board, on a phone too', async () => {
    const path = await world.path([await world.ltiActivity({ title: 'Opstel' }), await world.ltiActivity({ title: 'Toets' })], {
      title: 'Commentaar',
      sequence: 'free',
    });
    const assignment = await world.assign(path.id);
    const [pupil] = world.pupils;
    const [essay, quiz] = path.steps.map(({ id }: { id: string }) => ({ assignmentId: assignment.id, stepId: id, pupil }));
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${quiz.stepId}/open`);
    await world.platform.work('lti', async ({ knex }) => {
      const [item] = await knex('line_items').where({ context_id: assignment.id });
      const { id: _, number: _number, of_placement: _placement, ...copy } = item;
      await knex('line_items').insert({ ...copy, label: 'Deel A van de toets' });
    });
    const comment = `Je verhaal is goed opgebouwd.\n${'Lees het nog eens luidop. '.repeat(12)}`;
    await world.score({ ...essay, activityProgress: 'Submitted', gradingProgress: 'PendingManual', scoreGiven: 1, comment });
    await world.score({ ...quiz, scoreGiven: 1e12, scoreMaximum: 10 });

    const told = new URLSearchParams({ terug: essay.stepId, lti_errormsg: '<b>Het opslaan duurde lang</b>' });
    for (const options of [{}, phone]) {
      await visit(
        pupil,
        `/mijn-paden/${assignment.id}?${told}`,
        async (page) => {
          await page.getByText('Opstel: wordt nog nagekeken').waitFor();
          await page.getByText('Bericht van “Opstel”: <b>Het opslaan duurde lang</b>').first().waitFor();
          await page.getByText('Je verhaal is goed opgebouwd.').waitFor();
          await page.getByText('1E12 op 10').first().waitFor();
          expect([await fits(page), await faults(page)]).toEqual([true, []]);
        },
        options,
      );
      await visit(
        world.teacher,
        `/opvolging/${assignment.id}`,
        async (page) => {
          const row = page.getByRole('grid').getByRole('row', { name: /Aerts/ });
          await row.getByRole('button', { name: 'nog na te kijken' }).waitFor();
          await row.getByRole('button', { name: /100%/ }).waitFor();
          await page.getByRole('heading', { name: 'Andere resultaten van oefeningen' }).waitFor();
          await page.getByRole('columnheader', { name: /Deel A van de toets Toets/ }).waitFor();
          expect([await fits(page), await faults(page)]).toEqual([true, []]);
        },
        options,
      );
    }
    // A message that any link can hold is shown only with the exercise that it is of.
    await visit(pupil, `/mijn-paden/${assignment.id}?lti_errormsg=Geef+je+wachtwoord`, async (page) => {
      await page.getByText('1E12 op 10').first().waitFor();
      expect(await page.getByText('Geef je wachtwoord').count()).toBe(0);
    });
  });
});

describe('the result and the end of a path', () => {
  test('ux 2: a low score is not told as success, and the end of a path speaks by its scores', async () => {
    const hostile = `<b>Som</b> ${'lang'.repeat(30)} מספר`;
    const path = await world.path(
      [
        await world.ltiActivity({ title: 'Eerste som' }),
        await world.ltiActivity({ title: hostile }),
        await world.activity({ title: 'Extra tekst' }),
      ],
      { title: 'Sommen' },
    );
    const steps = path.steps.map(({ id, activityId }: any, index: number) => ({ id, activityId, required: index < 2 }));
    await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
      version: 1,
      title: 'Sommen',
      description: '',
      sequence: 'in-order',
      steps,
    });
    const { id: assignmentId } = await world.assign(path.id);
    const [pupil] = world.pupils;
    const score = (stepId: string, scoreGiven: number) =>
      world.score({ assignmentId, stepId, pupil, scoreGiven, timestamp: new Date().toISOString() });
    const [first, second] = steps.map(({ id }: any) => id);
    const address = `/mijn-paden/${assignmentId}`;
    const checks = async (page: Page, name: string) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        expect([await fits(page), await faults(page)]).toEqual([true, []]);
        await picture(page, `${name}-${width}`);
      }
    };

    for (let times = 0; times < 3; times += 1) await score(first, 0);
    await visit(pupil, `${address}?terug=${first}`, async (page) => {
      await page.getByText('0 op 10').first().waitFor();
      await page.getByText('Je probeerde het al 3 keer. Vraag hulp').first().waitFor();
      await page.getByText('gedaan, oefen nog eens').waitFor({ state: 'attached' });
      expect(await page.getByText(/Klaar!|Goed gedaan/).count()).toBe(0);
      const main = page.locator('myway-trail-page wa-button[variant="brand"]');
      expect(await main.allTextContents()).toEqual([expect.stringContaining('Oefen nog eens')]);
      await page.getByRole('button', { name: 'Toch verder' }).waitFor();
      await checks(page, 'low-score');
      await page.getByRole('button', { name: 'Oefen nog eens' }).click();
      await page.waitForURL(`${world.tool}/**`);
    });

    await score(second, 2);
    await visit(pupil, address, async (page) => {
      await page.getByText('Je hield vol tot het einde van dit spoor.').waitFor();
      await page.getByRole('heading', { name: 'Noor Aerts' }).waitFor();
      expect(await page.getByText('Klaar!').count()).toBe(0);
      // What is not obligatory can still be done.
      await page.getByRole('link', { name: /Extra tekst/ }).waitFor();
      await checks(page, 'terminus');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(false);
      expect(await page.getByRole('button', { name: 'Toon aan mama of papa' }).isVisible()).toBe(false);
      expect(await page.locator('myway-terminus').getByText(hostile).first().isVisible()).toBe(true);
      await page.emulateMedia({ media: null });
      // A step that is done opens its last score.
      await page.getByRole('link', { name: /^Eerste som/ }).click();
      await heading(page, 'Eerste som');
      await page.getByText('0 op 10').waitFor();
      await page.getByRole('button', { name: 'Oefen opnieuw' }).waitFor();
      await checks(page, 'done-step');
    });

    await score(second, 10);
    await visit(pupil, `${address}?terug=${second}`, async (page) => {
      await page.getByText('Alles juist! Knap gedaan.', { exact: true }).waitFor();
      await page.getByText('Bij één stap kan het nog beter.').waitFor();
    });
    await score(first, 6);
    await visit(pupil, address, (page) => page.getByText('Klaar! Je hebt het hele spoor gedaan.').waitFor());
  });
});

test('ux 20, ux 22: sizes and words of a pupil’s pages follow the age band, also on pages that are not for pupils only', async () => {
  const path = await world.path([await world.ltiActivity({ title: 'Som' }), await world.activity()], { title: 'Leeftijd' });
  const { id } = await world.assign(path.id);
  const pupil = world.pupils[1];
  for (let times = 0; times < 3; times += 1)
    await world.score({ assignmentId: id, stepId: path.steps[0].id, pupil, scoreGiven: 1 });
  const address = `/mijn-paden/${id}?terug=${path.steps[0].id}`;
  const sizes = (page: Page) =>
    page.evaluate(() => {
      const deep = (root: ParentNode): Element[] =>
        [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? deep(element.shadowRoot) : [])]);
      const shown = deep(document).filter((element) => element.matches('a[href], button') && element.getClientRects().length > 0);
      const reachable = shown.filter((element) => !element.matches('.skip, p a'));
      return {
        target: Math.min(...reachable.map((element) => Math.round(element.getBoundingClientRect().height))),
        text: Number.parseFloat(getComputedStyle(document.body).fontSize),
      };
    });
  for (const [age, teacher, target, text] of [
    ['6-9', 'juf of meester', 64, 18],
    ['10-13', 'leraar', 44, 16],
    ['14+', 'leraar', 44, 16],
  ] as const) {
    const client = await world.platform.signIn(pupil.id, 'Noor Peeters', age);
    await visit(
      { id: pupil.id, client },
      address,
      async (page) => {
        await page.getByText(`Vraag hulp aan je ${teacher}.`).first().waitFor();
        const found = await sizes(page);
        expect(found.target, age).toBeGreaterThanOrEqual(target);
        expect(found.text, age).toBeGreaterThanOrEqual(text);
        expect([await fits(page), await faults(page)]).toEqual([true, []]);
        await picture(page, `age-${age}`);
        // A page without a density of its own keeps that of the pupil.
        await page.goto(`${world.platform.url}/nergens`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject({ density: 'kid', age });
      },
      phone,
    );
  }
});

describe('elements of other plugins', () => {
  test('newcomer 17: get their context in each slot of the pupil’s pages, and only with their permission', async () => {
    const ids = [
      await world.activity({ title: 'Lees dit' }),
      await world.activity({ title: 'Bekijk dit', content: { kind: 'link', url: 'https://voorbeeld.be/' } }),
    ];
    const path = await world.path(ids, { title: 'Met gasten', sequence: 'free' });
    const { id: assignmentId } = await world.assign(path.id, { dueOn: '2099-06-30' });
    const [pupil] = world.pupils;
    const [text, link] = path.steps.map(({ id }: { id: string }) => id);
    await pupil.client.post(`/api/myway/my-paths/${assignmentId}/steps/${text}/open`);
    await pupil.client.post(`/api/myway/my-paths/${assignmentId}/steps/${link}/done`);
    const told = { assignmentId, title: 'Met gasten', dueOn: '2099-06-30', total: 2, done: 1, complete: false, activityIds: ids };
    const step = { assignmentId, stepId: text, title: 'Lees dit', kind: 'text', state: 'started', activityId: ids[0] };
    const address = `/mijn-paden/${assignmentId}`;
    for (const [slot, where, context] of [
      ['myway.my-paths', '/mijn-paden', { paths: expect.arrayContaining([told]) }],
      ['myway.path', address, told],
      ['myway.step', `${address}/stap/${text}`, step],
      [
        'myway.step',
        `${address}/stap/${link}`,
        { ...step, stepId: link, title: 'Bekijk dit', kind: 'link', state: 'done', activityId: ids[1] },
      ],
    ] as const) {
      await visit(pupil, where, async (page) => {
        const shown = page.locator(guest.tagOf(slot, 'path:follow'));
        expect(JSON.parse((await shown.locator('p').textContent()) ?? '')).toEqual(context);
        expect(await shown.evaluate((element) => (element as HTMLElement & { times: number }).times)).toBe(1);
        expect(await page.locator(guest.tagOf(slot, 'path:write')).count()).toBe(0);
        expect(await faults(page)).toEqual([]);
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 844 });
          expect(await fits(page)).toBe(true);
          await picture(page, `${slot}-${'kind' in context ? `${context.kind}-` : ''}${width}`);
        }
      });
    }
  });
});

test('newcomer 17: a step that is a page of the portal opens it in a new tab, and is done by the pupil', async () => {
  const page = await world.activity({ title: 'Mijn oefenboek', content: { kind: 'link', url: '/mijn-paden' } });
  const path = await world.path([page], { title: 'Het oefenboek' });
  const { id } = await world.assign(path.id);
  await visit(
    world.pupils[0],
    `/mijn-paden/${id}/stap/${path.steps[0].id}`,
    async (shown) => {
      await shown.getByText('Dit is een pagina van i-Learn. Ze opent in een nieuw tabblad.').waitFor();
      expect(await faults(shown)).toEqual([]);
      expect(await fits(shown)).toBe(true);
      await picture(shown, 'step-page-390');
      const [finish, tabs] = await Promise.all(['.finish', '.tabs'].map((each) => shown.locator(each).boundingBox()));
      expect((finish?.y ?? 0) + (finish?.height ?? 0)).toBeLessThanOrEqual(Math.ceil(tabs?.y ?? 0));
      const opened = shown.context().waitForEvent('page');
      await shown.getByRole('link', { name: 'Open de pagina' }).click();
      const tab = await opened;
      await tab.waitForURL(`${world.platform.url}/mijn-paden`);
      await tab.close();
      // ux 15: at 400 % the button does not cover the text.
      await shown.setViewportSize({ width: 320, height: 215 });
      expect(await shown.locator('.finish').evaluate((element) => getComputedStyle(element).position)).toBe('static');
      await shown.getByRole('button', { name: 'Gelezen! Ga verder' }).click();
      await heading(shown, 'Het oefenboek');
    },
    phone,
  );
});

describe('what was removed', () => {
  test('ux 9: a step comes back by the message and by Ctrl+Z, a path by the message', async () => {
    const path = await world.path([await world.activity({ title: 'Blijft' }), await world.activity({ title: 'Gaat weg' })], {
      title: 'Om weg te doen',
    });
    const steps = async () =>
      (await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body.steps.map(({ id }: { id: string }) => id);
    const before = await steps();
    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      const list = page.getByRole('list', { name: 'Stappen' });
      const shown = () => list.getByRole('listitem').count();
      const remove = async () => {
        await page.getByRole('button', { name: 'Haal Gaat weg uit het spoor' }).click();
        await expect.poll(shown).toBe(1);
      };
      await remove();
      await saved(page);
      await page.getByText('Gaat weg is uit het spoor gehaald.').waitFor();
      await page.getByRole('button', { name: 'Zet terug' }).click();
      await expect.poll(shown).toBe(2);
      expect(await focusedText(page)).toContain('Gaat weg');

      await remove();
      await page.keyboard.press('Control+z');
      await expect.poll(shown).toBe(2);
      await page.keyboard.press('Control+Shift+z');
      await expect.poll(shown).toBe(1);
      await page.keyboard.press('Control+z');
      await expect.poll(shown).toBe(2);
      // In a text field the key is the browser's.
      const name = page.getByRole('textbox', { name: 'Naam van het spoor' });
      await name.press('Control+z');
      expect(await shown()).toBe(2);
      await saved(page);
      // Acts of a row are seen with the pointer or the focus only.
      const bin = page.getByRole('button', { name: 'Haal Blijft uit het spoor' });
      await name.hover();
      const opacity = () =>
        bin.evaluate((button) => getComputedStyle((button.getRootNode() as ShadowRoot).host ?? button).opacity);
      await expect.poll(opacity).toBe('0');
      await bin.focus();
      await expect.poll(opacity).toBe('1');
    });
    // The step that was put back is the same one, with its results.
    await expect.poll(steps).toEqual(before);

    await visit(world.teacher, '/paden', async (page) => {
      const link = page.getByRole('link', { name: 'Om weg te doen' });
      await page.getByRole('button', { name: 'Verwijder Om weg te doen' }).click();
      await page.getByText('“Om weg te doen” is verwijderd.').waitFor();
      await expect.poll(() => link.count()).toBe(0);
      await page.keyboard.press('Control+z');
      await link.waitFor();
    });
  });
});

describe('a path that a class has', () => {
  test('ux 18: is told in the list, in the builder and before it is given or removed', async () => {
    const path = await world.path([await world.activity()], { title: 'Al gegeven' });
    const assignment = await world.assign(path.id);
    await visit(world.teacher, '/paden', async (page) => {
      const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Al gegeven', exact: true }) });
      const given = row.getByRole('link', { name: '3A · 0 van 2 bezig' });
      await given.waitFor();
      expect(await faults(page)).toEqual([]);
      await row.getByRole('button', { name: 'Geef aan leerlingen' }).click();
      const dialog = page.locator('myway-assign-dialog');
      await dialog.locator('wa-select').waitFor();
      if ((await dialog.getByText('3A heeft dit spoor al.').count()) === 0) {
        await dialog.locator('wa-select').click();
        await page.getByRole('option', { name: /3A/ }).click();
      }
      await dialog.getByText('3A heeft dit spoor al.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Geef het spoor' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await row.getByRole('button', { name: 'Verwijder Al gegeven' }).click();
      await page.getByText('Dit spoor loopt nog bij 3A.').waitFor();
      await page.getByRole('button', { name: 'Annuleer' }).click();
      await given.click();
      await page.waitForURL(`${world.platform.url}/opvolging/${assignment.id}`);
    });
    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      await page.getByRole('link', { name: '3A · 0 van 2 bezig' }).waitFor();
      expect(await faults(page)).toEqual([]);
    });
  });
});

test('ux phrases: a page that cannot be loaded says so, and nothing about work that was lost', async () => {
  const path = await world.path([await world.activity()], { title: 'Laadt niet' });
  const assignment = await world.assign(path.id);
  await visit(world.teacher, '/opvolging', async (page) => {
    await page.getByRole('link', { name: 'Laadt niet' }).waitFor();
    await page.route('**/progress', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Internal', status: 500 }),
      }),
    );
    await page.goto(`${world.platform.url}/opvolging/${assignment.id}`);
    await page.getByText('We konden deze pagina niet laden').waitFor();
    expect(await page.getByText('niets bewaard').count()).toBe(0);
    await page.unroute('**/progress');
    await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
    await page.getByRole('grid').waitFor();
  });
});

describe('the builder', () => {
  test('keeps both versions if the path was changed elsewhere, and shows what a pupil will see', async () => {
    const path = await world.path([await world.activity()], { title: 'Twee tabbladen' });
    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      const name = page.getByRole('textbox', { name: 'Naam van het spoor' });
      await name.waitFor();
      await world.teacher.client.put(`/api/myway/paths/${path.id}`, { ...path, title: 'Van elders' });
      await name.fill('Van dit tabblad');
      await page.getByText('Dit spoor werd intussen ergens anders gewijzigd.').waitFor();
      await page.getByText('Jullie wijzigden allebei:').waitFor();
      await page.getByText('de naam van het spoor').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Bewaar mijn versie' }).click();
      await saved(page);
      await page.getByRole('button', { name: 'Bekijk als leerling' }).click();
      await page.getByRole('dialog', { name: 'Zo ziet een leerling het' }).waitFor();
      await page.getByText('Een leerling begint met').waitFor();
      expect(await faults(page)).toEqual([]);
    });
    expect((await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body).toMatchObject({
      title: 'Van dit tabblad',
      steps: [{}],
    });
  });

  test('saves the last input before another page opens', async () => {
    const path = await world.path([], { title: 'Haastig' });
    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      await page.getByRole('textbox', { name: 'Naam van het spoor' }).fill('Haastig bewaard');
      await page.getByRole('link', { name: 'Leersporen' }).first().click();
      await heading(page, 'Leersporen');
      await expect
        .poll(async () => (await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body.title)
        .toBe('Haastig bewaard');
    });
  });
});

describe('a path with branches, choices and steps of the teacher’s own', () => {
  test('is built with buttons and keyboard, looked at in a state, brought back, and followed by a pupil', async () => {
    const title = 'Gebouwd spoor';
    await world.ltiActivity({ title: 'Tafeltoets' });
    await world.activity({ title: 'Nog eens uitgelegd' });
    const path = await world.path([], { title });
    const stored = async () => (await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body;

    await visit(world.teacher, `/paden/${path.id}`, async (page) => {
      const add = async (name: string) => {
        await page.getByRole('searchbox', { name: 'Zoek activiteiten' }).fill(name);
        await page.getByRole('button', { name: `Voeg ${name} toe` }).click();
      };
      await add('Tafeltoets');
      await page.getByRole('button', { name: /^Tafeltoets Oefening/ }).click();
      await page.getByRole('button', { name: 'Splits het spoor hierna' }).click();
      await page.getByRole('heading', { name: 'Splitsing' }).waitFor();
      // Nothing is in it yet, which the builder says.
      await page.getByText('heeft nog geen stappen').waitFor();
      await page.getByRole('button', { name: 'Voeg hier een stap toe Extra hulp' }).first().click();
      const place = page.getByRole('tabpanel').getByText('Wat je nu toevoegt, komt bij: Splitsing: Extra hulp');
      await place.waitFor();
      await add('Nog eens uitgelegd');
      await page.getByRole('button', { name: 'Toch op de lijn' }).click();
      await place.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Vragen', exact: true }).click();
      await page.getByRole('button', { name: /^Vragen Vragen/ }).click();
      await page.getByLabel('Vraag', { exact: true }).fill('Hoeveel is 7 × 8?');
      await page.getByLabel('Juiste antwoorden').fill('56');
      await page.getByLabel('Juiste antwoorden').press('Tab');
      // At this width the library and the details share a pane.
      await page.getByRole('tab', { name: 'Bibliotheek' }).click();
      await page.getByRole('button', { name: 'Opdracht', exact: true }).click();
      await page.getByRole('button', { name: /^Opdracht Opdracht/ }).click();
      await page.getByLabel('Opdracht', { exact: true }).fill('Teken een rooster van 7 op 8.');
      await page.getByLabel('Score op').fill('10');
      await saved(page);
      expect(await stored()).toMatchObject({
        blocks: [{ kind: 'branch', on: 'score', arms: [{ from: 0, again: true }, { from: 0.6 }] }],
        steps: [
          { shownTitle: 'Tafeltoets', block: null },
          { shownTitle: 'Nog eens uitgelegd', arm: 'way-1' },
          { kind: 'quiz', block: null, content: { questions: [{ text: 'Hoeveel is 7 × 8?', answers: ['56'] }] } },
          { kind: 'task', content: { text: 'Teken een rooster van 7 op 8.', maximum: 10 } },
        ],
      });
      expect(await faults(page)).toEqual([]);
      await picture(page, 'builder-structure');

      // Moved before the step that decides, the branch would wait for itself: it is said at once, and not stored.
      await page.getByRole('button', { name: 'Tafeltoets: omlaag' }).click();
      await page.getByRole('button', { name: 'Tafeltoets: omlaag' }).click();
      await page.getByText('Nog niet bewaard: los eerst op wat hieronder staat').waitFor();
      await page.getByText('wacht op een stap die op deze stap wacht').first().waitFor();
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+z');
      await saved(page);

      await page.getByRole('button', { name: 'Kaart' }).click();
      await page.getByRole('img', { name: 'Het spoor als kaart: 4 stappen, 1 splitsingen of keuzes' }).waitFor();
      expect(await faults(page)).toEqual([]);
      await picture(page, 'builder-map');

      await page.setViewportSize({ width: 390, height: 844 });
      expect(await fits(page)).toBe(true);
      await page.getByRole('tab', { name: 'Stappen (4)' }).click();
      await page.getByRole('img', { name: 'Het spoor als kaart' }).waitFor();
      expect(await fits(page)).toBe(true);
      await picture(page, 'builder-map-phone');
      await page.getByRole('button', { name: 'Lijst' }).click();
      await page
        .getByRole('button', { name: /^Splitsing/ })
        .first()
        .waitFor();
      expect(await fits(page)).toBe(true);
      expect(await faults(page)).toEqual([]);
      await picture(page, 'builder-structure-phone');
      await page.setViewportSize({ width: 1280, height: 800 });

      await page.getByRole('button', { name: 'Bekijk als leerling' }).click();
      // What the dialog shows is its slotted content, outside the element with the role.
      const dialog = page.locator('myway-preview-dialog');
      await dialog.getByText('Hier splitst het spoor').first().waitFor();
      await dialog.getByText('Kies hoe ver de leerling staat').click();
      await dialog.getByLabel('Tafeltoets').first().click();
      await page.getByRole('option', { name: 'klaar, 3 op 10' }).first().click();
      await dialog
        .getByText('Oefen eerst nog eens “Tafeltoets”.')
        .or(dialog.getByText('Doe eerst “Nog eens uitgelegd”.'))
        .first()
        .waitFor();
      expect(await faults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Sluit' }).last().click();

      await page.getByRole('button', { name: 'Versies' }).click();
      const versions = page.locator('myway-versions-dialog');
      await versions.getByRole('button', { name: /^Breng terug/ }).waitFor();
      await versions
        .getByRole('button', { name: /^Bekijk/ })
        .first()
        .click();
      await versions.getByRole('heading', { name: title }).waitFor();
      expect(await faults(page)).toEqual([]);
    });

    const assignment = await world.assign(path.id);
    const { steps } = await stored();
    const [pupil] = world.pupils;
    const address = `/mijn-paden/${assignment.id}`;
    await visit(pupil, address, async (page) => {
      await heading(page, title);
      await page.getByText('Hier splitst het spoor').first().waitFor();
      await page.getByText('Hoe het verdergaat, hangt af van je score voor “Tafeltoets”.').first().waitFor();
      expect(await page.getByText('Nog eens uitgelegd').count()).toBe(0);
      expect(await faults(page)).toEqual([]);
      await picture(page, 'trail-junction');
      await world.score({ assignmentId: assignment.id, stepId: steps[0].id, pupil, scoreGiven: 3, timestamp: inOrder() });
      await page.getByText('Nog eens uitgelegd').first().waitFor();
      await world.score({ assignmentId: assignment.id, stepId: steps[0].id, pupil, scoreGiven: 9, timestamp: inOrder() });
      await page.getByText('Nog eens uitgelegd').first().waitFor({ state: 'detached' });

      await page.goto(`${world.platform.url}${address}/stap/${steps[2].id}`);
      await page.getByLabel('Je antwoord').fill('54');
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Kijk mijn antwoorden na' }).click();
      await page.getByText('Nog niet. Dit is het antwoord: 56').waitFor();
      await page.getByRole('heading', { name: 'Dat klopt nog niet.' }).waitFor();
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Oefen opnieuw' }).click();
      await page.getByLabel('Je antwoord').fill('56');
      await page.getByRole('button', { name: 'Kijk mijn antwoorden na' }).click();
      await page.getByText('Juist!').waitFor();
      await picture(page, 'quiz-marked');

      await page.goto(`${world.platform.url}${address}/stap/${steps[3].id}`);
      await page.getByText('Teken een rooster van 7 op 8.').waitFor();
      await page.getByLabel('Je antwoord').fill('Hier is mijn rooster.');
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Voeg een bestand toe' }).click();
      await (await chooser).setFiles({ name: 'rooster.txt', mimeType: 'text/plain', buffer: Buffer.from('7 op 8') });
      await page.getByText('rooster.txt').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Dien in' }).click();
      await page.getByText('Je mag al verder.').waitFor();
      await picture(page, 'task-handed-in');
    });

    await visit(world.teacher, `/opvolging/${assignment.id}?leerling=${pupil.id}`, async (page) => {
      await page.getByText('Hier is mijn rooster.').waitFor();
      // The step on the way that is nobody's does not count for the class.
      const ofClass = page.getByRole('row', { name: /^Hele klas/ }).getByRole('gridcell');
      expect((await ofClass.allTextContents()).filter((text) => text.trim() !== '')).toEqual(['50%', '50%', '–', '50%', '50%']);
      await page.getByLabel('Wat je de leerling wilt zeggen').fill('Mooi getekend!');
      // By role: the dialog with the same field is closed.
      await page.getByRole('textbox', { name: 'Score', exact: true }).fill('9');
      await page.getByRole('button', { name: 'Geef dit antwoord' }).click();
      await page.getByText('Wat je antwoordde').waitFor();
      expect(await faults(page)).toEqual([]);
      await picture(page, 'task-answered');
    });
    await visit(pupil, `${address}/stap/${steps[3].id}`, (page) => page.getByText('Mooi getekend!').first().waitFor());
  }, 120_000);

  test('begins with a template, and its steps are dragged with the pointer and moved with the keyboard', async () => {
    await world.activity({ title: 'Sleep mij' });
    await visit(world.teacher, '/paden', async (page) => {
      for (const [option, name, shown] of [
        ['Een toets, met extra hulp voor wie ze nodig heeft', 'Sjabloon toets', ['Toets', 'Samen bekijken', 'Verdieping']],
        ['Kies twee van vier opdrachten', 'Sjabloon keuze', ['Opdracht 1', 'Opdracht 2', 'Opdracht 3', 'Opdracht 4']],
        ['Een project: plannen, maken, tonen', 'Sjabloon project', ['Plan bespreken', 'Maken', 'Tonen']],
      ] as const) {
        await page.goto(`${world.platform.url}/paden`);
        await page.getByRole('button', { name: 'Nieuw spoor' }).first().click();
        await page.getByLabel('Naam van het spoor').fill(name);
        await page.locator('wa-select').filter({ hasText: 'Een leeg spoor' }).click();
        await page.getByRole('option', { name: option }).click();
        expect(await faults(page)).toEqual([]);
        await page.getByRole('button', { name: 'Maak het spoor' }).click();
        await heading(page, name);
        await expect.poll(() => page.locator('myway-step-list button.choose .title').allTextContents()).toEqual([...shown]);
        // It is a path that pupils can have as it is.
        expect(await page.getByText('Nog niet bewaard').count()).toBe(0);
      }

      const titles = () => page.locator('myway-step-list button.choose .title').allTextContents();
      const handle = (nth: number) => page.locator('il-sortable .handle').nth(nth);
      const middle = async (nth: number) => {
        await handle(nth).hover();
        const box = await handle(nth).boundingBox();
        return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
      };
      const [from, to] = [await middle(0), await middle(2)];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x, (from.y + to.y) / 2, { steps: 5 });
      await page.mouse.move(to.x, to.y + 30, { steps: 10 });
      await page.mouse.up();
      await expect.poll(titles).toEqual(['Maken', 'Tonen', 'Plan bespreken']);
      await saved(page);

      // With the keyboard: the buttons of a row, which keep the focus while it moves.
      const up = page.getByRole('button', { name: 'Plan bespreken: omhoog' });
      await up.focus();
      await page.keyboard.press('Enter');
      await expect.poll(titles).toEqual(['Maken', 'Plan bespreken', 'Tonen']);
      await page.keyboard.press('Enter');
      await expect.poll(titles).toEqual(['Plan bespreken', 'Maken', 'Tonen']);
      await saved(page);

      // From the library to a place between two steps.
      await page.getByRole('searchbox', { name: 'Zoek activiteiten' }).fill('Sleep mij');
      const found = page.locator('myway-library-pane li.found').filter({ hasText: 'Sleep mij' });
      await found.waitFor();
      await found.dragTo(page.locator('myway-step-list .step').nth(1), { targetPosition: { x: 60, y: 4 } });
      await expect.poll(titles).toEqual(['Plan bespreken', 'Sleep mij', 'Maken', 'Tonen']);
      await saved(page);

      // On a phone the three buttons above the steps share one row.
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole('tab', { name: 'Stappen (4)' }).click();
      const tops = await Promise.all(
        ['Kaart', 'Splitsing', 'Instellingen'].map(async (name) =>
          Math.round((await page.getByRole('button', { name, exact: true }).boundingBox())?.y ?? 0),
        ),
      );
      expect(new Set(tops).size).toBe(1);
      expect([await fits(page), await faults(page)]).toEqual([true, []]);
      await picture(page, 'builder-steps-phone');
    });
  });

  test('is built by two teachers at once, who see each other and lose nothing', async () => {
    const path = await world.path([await world.activity({ title: 'Eerst' }), await world.activity({ title: 'Daarna' })], {
      title: 'Samen',
    });
    await world.teacher.client.put(`/api/myway/paths/${path.id}/sharing`, { colleaguesEdit: true });
    await visit(world.teacher, `/paden/${path.id}`, async (mine) => {
      await mine.getByRole('button', { name: /^Eerst Tekst/ }).click();
      await visit(
        world.colleague,
        `/paden/${path.id}`,
        async (theirs) => {
          await theirs.getByText('Dit spoor is van Noor Janssens.').waitFor();
          await theirs.getByText('Noor Janssens is bij stap 1').waitFor();
          await mine.getByText(/Noor Jacobs is (hier ook|bij stap)/).waitFor();
          await theirs.getByRole('button', { name: /^Daarna Tekst/ }).click();
          await theirs.getByLabel('Een boodschap bij deze stap').fill('Van de collega');
          await mine.getByLabel('Een boodschap bij deze stap').fill('Van mij');
          await Promise.all([saved(mine), saved(theirs)]);
          expect(await faults(theirs)).toEqual([]);
        },
        otherBrowser,
      );
      const notes = async () =>
        (await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body.steps.map(({ note }: { note: string }) => note);
      await expect.poll(notes).toEqual(['Van mij', 'Van de collega']);
    });
  });
});

describe('on a phone', () => {
  test('every page fits, and the builder’s panes are tabs', async () => {
    const path = await world.path([await world.activity({ title: 'Een stap met een lange naam' }), await world.ltiActivity()], {
      title: 'Op de telefoon',
    });
    const assignment = await world.assign(path.id);
    const check = async (page: Page) => {
      expect(await fits(page)).toBe(true);
      expect(await faults(page)).toEqual([]);
    };
    await visit(
      world.teacher,
      `/paden/${path.id}`,
      async (page) => {
        await page.getByRole('tab', { name: 'Stappen (2)' }).waitFor();
        await check(page);
        await page.getByRole('tab', { name: 'Bibliotheek' }).click();
        await page.getByRole('searchbox', { name: 'Zoek activiteiten' }).waitFor();
        await page.keyboard.press('ArrowRight');
        await page.getByRole('heading', { name: 'Stappen' }).waitFor();
      },
      phone,
    );
    for (const [person, address, name] of [
      [world.teacher, '/paden', 'Leersporen'],
      [world.teacher, '/opvolging', 'Opvolging'],
      [world.teacher, `/opvolging/${assignment.id}`, 'Op de telefoon'],
      [world.pupils[0], '/mijn-paden', 'Mijn sporen'],
      [world.pupils[0], `/mijn-paden/${assignment.id}`, 'Op de telefoon'],
      [world.pupils[0], `/mijn-paden/${assignment.id}/stap/${path.steps[0].id}`, 'Een stap met een lange naam'],
    ] as const) {
      await visit(
        person,
        address,
        async (page) => {
          await heading(page, name);
          await check(page);
        },
        phone,
      );
    }
  });
});
