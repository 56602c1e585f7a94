import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { closePage, openPage, picture } from '../../../ui/test/browser.js';
import { browser, faults, fits, heading, phone, saved, useBrowser, visit, world } from './in-browser.js';
import type { Person } from './world.js';

/** Options that no other page has, and so a context of its own: pages with the same options share their cookies. */
const otherBrowser: BrowserContextOptions = { viewport: { width: 1300, height: 800 } };

useBrowser();

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

describe('the main job in a browser', () => {
  test('from an empty path to a score on the class board', async () => {
    await world.activity({
      title: 'Uitleg over vermenigvuldigen',
      content: { kind: 'text', markdown: 'Vermenigvuldigen is **herhaald optellen**.' },
    });
    await world.ltiActivity({ title: 'Oefen de tafel van zeven' });
    const { teacher, pupils } = world;

    // As the command of the search dialog leads here.
    await visit(teacher, '/paden?nieuw', async (page) => {
      await heading(page, 'Leersporen');
      await page.getByLabel('Naam van het spoor').waitFor();
      expect(new URL(page.url()).search).toBe('');
      await page.keyboard.press('Escape');
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
