import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schoolClass } from '@ilearn/plugin-directory/testing';
import type { Page } from 'playwright-core';
import { extractText } from 'unpdf';
import { afterAll, describe, expect, test } from 'vitest';
import { picture } from '../../../ui/test/browser.js';
import { slotGuest } from '../../../ui/test/slot-guest.js';
import { faults, fits, heading, phone, saved, useBrowser, visit, world } from './in-browser.js';
import type { Person } from './world.js';

const slots = ['myway.my-paths', 'myway.path', 'myway.step'];
const guest = await slotGuest(
  'guest',
  { myway: '^0.1.0' },
  slots.flatMap((slot) => ['path:follow', 'path:write'].map((permission) => ({ slot, permission }))),
);
useBrowser({ plugins: [guest.plugin] });
afterAll(() => guest.remove());

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
