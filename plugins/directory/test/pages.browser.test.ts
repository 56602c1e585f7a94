import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture, type WatchedPage } from '../../../ui/test/browser.js';
import { slotGuest } from '../../../ui/test/slot-guest.js';
import { role, twoSchools, user, zip } from './roster.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

const slots = ['directory.class', 'directory.class-content'];
const personSlots = ['directory.person', 'directory.person-content'];
const guest = await slotGuest(
  'guest',
  { directory: '^0.1.0' },
  [...slots, ...personSlots].flatMap((slot) => ['class:read', 'roster:import'].map((permission) => ({ slot, permission }))),
);

let platform: TestPlatform;
let browser: Browser;
let people: Record<string, string>;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory, guest.plugin], uiFolder });
  await platform.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  const rows: { sourced_id: string; person_id: string }[] = await platform.work('directory', ({ knex }) =>
    knex('memberships').select('sourced_id', 'person_id'),
  );
  people = Object.fromEntries(rows.map(({ sourced_id, person_id }) => [sourced_id, person_id]));
  people['ada'] = await platform.work('directory', ({ people: service }) =>
    service.create({
      givenName: 'Ada',
      familyName: 'Admin',
      kind: 'staff',
      roles: [{ tenant: null, role: 'portal-administrator' }],
    }),
  );
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await guest.remove();
});

/** A page as somebody sees it, by sourcedId. */
async function visit(who: string, path: string, run: (page: WatchedPage) => Promise<void>, options: BrowserContextOptions = {}) {
  const client = await platform.signIn(people[who] as string, who);
  const page = await openPage(browser, platform.url, options);
  page.setDefaultTimeout(20_000);
  try {
    await page.context().clearCookies();
    await page.context().addCookies([{ name: 'ilearn', value: client.cookie('ilearn') as string, url: platform.url }]);
    await page.goto(platform.url + path);
    await run(page);
    expect(page.faults).toEqual([]);
  } finally {
    await closePage(page);
  }
}

const choose = (page: WatchedPage, buffer: Buffer, name = 'school.zip') =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/zip', buffer });

describe('classes', () => {
  test('show their members', () =>
    visit('ann', '/klassen', async (page) => {
      await page.getByRole('heading', { name: 'Mijn klassen' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('link', { name: /2A/ }).click();
      await page.getByRole('heading', { name: '2A', level: 1 }).waitFor();
      await page.getByText('1 leerling · 2026-2027 · Ann Aerts, Kim Kaya').waitFor();
      expect(await axe(page)).toEqual([]);
      // The class switcher leads to the other class.
      await page.getByRole('navigation', { name: 'Andere klassen en groepen' }).getByRole('link', { name: '1A' }).click();
      await page.getByRole('heading', { name: '1A', level: 1 }).waitFor();
    }));

  test.each([1280, 390])('ux 5: a name leads to the page of the person, with elements of other plugins (%d px)', (width) =>
    visit(
      'ann',
      '/klassen',
      async (page) => {
        await page.getByRole('link', { name: /2A/ }).click();
        await page.getByRole('heading', { name: '2A', level: 1 }).waitFor();
        await picture(page, `directory.class-page-${width}`);
        await page.getByRole('link', { name: 'Cas Claes' }).click();
        await page.getByRole('heading', { name: 'Cas Claes', level: 1 }).waitFor();
        await page.getByText('Leerling, School A').waitFor();
        for (const slot of personSlots) {
          const shown = page.locator(guest.tagOf(slot, 'class:read'));
          const context = { id: people['cas'], kind: 'pupil', givenName: 'Cas' };
          expect(JSON.parse((await shown.locator('p').textContent()) ?? '')).toMatchObject(context);
          expect(await page.locator(guest.tagOf(slot, 'roster:import')).count()).toBe(0);
        }
        expect(await page.title()).toContain('Cas Claes');
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await axe(page)).toEqual([]);
        await picture(page, `directory.person-${width}`);
        await page.locator('directory-person').getByRole('link', { name: '2A' }).last().click();
        await page.getByRole('heading', { name: '2A', level: 1 }).waitFor();
      },
      { viewport: { width, height: 800 } },
    ));

  test.each([
    1280, 390,
  ])('newcomer 17: elements of other plugins get the class, and only with their permission (%d px)', (width) =>
    visit(
      'ann',
      '/klassen',
      async (page) => {
        await page.getByRole('link', { name: /2A/ }).click();
        const [{ id, school_id }] = await platform.work('directory', ({ knex }) => knex('classes').where({ name: '2A' }));
        expect(page.url()).toContain(id);
        for (const slot of slots) {
          const shown = page.locator(guest.tagOf(slot, 'class:read'));
          expect(JSON.parse((await shown.locator('p').textContent()) ?? '')).toEqual({ id, school: school_id, name: '2A' });
          expect(await page.locator(guest.tagOf(slot, 'roster:import')).count()).toBe(0);
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        await picture(page, `directory.class-${width}`);
      },
      { viewport: { width, height: 800 } },
    ));

  test('of several schools fit on a phone', () =>
    visit(
      'kim',
      '/klassen',
      async (page) => {
        await page.getByText('School B').first().waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        expect(await axe(page)).toEqual([]);
      },
      { viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
    ));

  test('provide pupils for a group, which is created, changed and removed', () =>
    visit('ann', '/klassen', async (page) => {
      await page.getByRole('button', { name: 'Maak een groep' }).click();
      await page.getByRole('checkbox', { name: 'Ali Amrani' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Bewaar de groep' }).click();
      await page.getByText('Geef de groep een naam.').waitFor();
      await page.getByLabel('Naam van de groep').fill('Leesgroep');
      await page.getByRole('button', { name: 'Bewaar de groep' }).click();
      await page.getByText('Kies minstens één leerling.').waitFor();
      await page.locator('wa-checkbox', { hasText: 'Ali Amrani' }).click();
      await page.locator('wa-checkbox', { hasText: 'Cas Claes' }).click();
      await page.getByText('2 leerlingen gekozen').waitFor();
      await page.getByRole('button', { name: 'Bewaar de groep' }).click();

      await page.getByRole('heading', { name: 'Leesgroep', level: 1 }).waitFor();
      expect(await page.locator('directory-class li').allInnerTexts()).toHaveLength(2);
      await page.getByRole('button', { name: 'Wijzig de groep' }).click();
      await page.locator('wa-checkbox', { hasText: 'Cas Claes' }).click();
      await page.getByRole('button', { name: 'Bewaar de groep' }).click();
      await page.getByText('1 leerling · 2026-2027').waitFor();

      await page.getByRole('button', { name: 'Verwijder de groep' }).click();
      await page.locator('il-dialog').getByRole('button', { name: 'Verwijder de groep' }).click();
      await page.getByRole('heading', { name: 'Mijn klassen' }).waitFor();
      expect(await page.getByRole('link', { name: /Leesgroep/ }).count()).toBe(0);
    }));
});

describe('the school', () => {
  test('shows its people by name and kind, and what it releases', () =>
    visit('piet', '/school', async (page) => {
      await page.getByRole('heading', { name: 'School A', level: 1 }).waitFor();
      await page.getByText('7 personen', { exact: true }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('link', { name: /leerlingen/ }).click();
      await page.getByText('3 personen').waitFor();
      await page.getByLabel('Zoek op naam').fill('amr');
      await page.getByText('1 persoon').waitFor();
      expect(await page.getByRole('link', { name: /Ali Amrani/ }).innerText()).toContain('1A');
      await page.getByRole('switch', { name: 'De naam' }).press('Space');
      await page.getByText('Programma’s krijgen nu de naam.').first().waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'School A', level: 1 }).waitFor();
      expect(await page.getByRole('switch', { name: 'De naam' }).isChecked()).toBe(true);
    }));
});

/** The dialog that asks this. */
const question = (page: WatchedPage, name: string) => page.locator('il-dialog', { has: page.getByRole('alertdialog', { name }) });

describe('the next school year', () => {
  const begins = (inDays: number) =>
    platform.work('directory', ({ knex }) =>
      knex('school_years').update({ starts_on: knex.raw(`current_date + ${inDays} - interval '1 year'`) }),
    );
  const pick = async (page: WatchedPage, label: string, option: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  test.each([1280, 390])('is prepared, applied and undone (%i px)', (width) =>
    visit(
      'piet',
      '/school/schooljaar',
      async (page) => {
        await page.getByText('1 leerling verlaat de school.').waitFor();
        expect(await axe(page)).toEqual([]);
        await page.getByLabel('Naam van de klas').fill('2B');
        await page.getByText('Bewaar je keuzes.').waitFor();
        await page.getByRole('button', { name: /Leerlingen apart.*1A/ }).click();
        await pick(page, 'Bo Bos', 'Verlaat de school');
        expect(await axe(page)).toEqual([]);
        await page.locator('directory-rollover-pupils').getByRole('button', { name: 'Bewaar de keuzes' }).click();
        await page.getByText('2 leerlingen verlaten de school.').waitFor();
        await page.getByRole('button', { name: 'Pas toe' }).click();
        const apply = question(page, 'Naar schooljaar');
        await apply.getByRole('button', { name: 'Pas toe' }).click();
        await page.getByText('Je kunt dit ongedaan maken tot').waitFor();
        expect(await axe(page)).toEqual([]);
        await page.getByRole('button', { name: 'Maak ongedaan' }).click();
        await question(page, 'Het nieuwe schooljaar ongedaan maken?').getByRole('button', { name: 'Maak ongedaan' }).click();
        await page.getByText('2 leerlingen verlaten de school.').waitFor();
      },
      { viewport: { width, height: 900 } },
    ));

  beforeAll(() => begins(25));
  beforeEach(() => platform.work('directory', ({ knex }) => knex('rollovers').delete()));
  afterAll(() => platform.work('directory', ({ knex }) => knex('school_years').update({ starts_on: '2026-09-01' })));
});

describe('providers', () => {
  const fillPerson = async (page: WatchedPage, givenName: string, ...roles: string[]) => {
    await page.getByRole('button', { name: 'Nieuwe persoon' }).click();
    const dialog = page.locator('directory-provider-person-dialog');
    await dialog.getByLabel('Voornaam').fill(givenName);
    await dialog.getByLabel('Familienaam').fill('Peeters');
    await dialog.getByLabel('E-mailadres').fill(`${givenName.toLowerCase()}@noord.example`);
    for (const role of roles) await dialog.getByRole('checkbox', { name: role }).press('Space');
    await page.getByRole('button', { name: 'Voeg toe' }).press('Enter');
  };

  test('issue 12: are added and removed with their people, also on a phone', () =>
    visit(
      'ada',
      '/aanbieders',
      async (page) => {
        const look = async (name: string) => {
          for (const width of [390, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            await picture(page, `directory.${name}-${width}`);
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
          }
          expect(await axe(page)).toEqual([]);
        };
        await page.getByRole('heading', { name: 'Nog geen aanbieders' }).waitFor();
        expect(await axe(page)).toEqual([]);
        await page.getByRole('button', { name: 'Nieuwe aanbieder' }).press('Enter');
        await page.getByRole('radio', { name: 'Leermiddelen' }).waitFor();
        await page.getByRole('button', { name: 'Bewaar' }).click();
        await page.getByText('Geef de aanbieder een naam.').waitFor();
        expect(await axe(page)).toEqual([]);
        await page.getByLabel('Naam').fill('Nascholing Noord');
        await page.getByLabel('E-mailadres voor contact').fill('info@noord.example');
        await page.getByRole('button', { name: 'Bewaar' }).click();

        await page.getByRole('heading', { name: 'Nascholing Noord', level: 1 }).waitFor();
        await page.getByText('Nog niemand').waitFor();
        await fillPerson(page, 'Petra');
        await page.getByText('Kies minstens één rol.').waitFor();
        await look('provider-person');
        await page.getByRole('checkbox', { name: 'Planner' }).press('Space');
        await page.getByRole('button', { name: 'Voeg toe' }).press('Enter');
        const table = page.locator('directory-provider table');
        await table.getByText('Petra Peeters').first().waitFor();
        await fillPerson(page, 'Lut', 'Lesgever', 'Coach');
        await table.getByText('Lesgever, Coach').waitFor();
        await look('provider');

        await page.getByRole('button', { name: 'Wijzig – Lut Peeters' }).click();
        await page.getByRole('checkbox', { name: 'Lesgever' }).press('Space');
        await page.locator('directory-provider-person-dialog').getByRole('button', { name: 'Bewaar' }).click();
        await table.getByText('Coach', { exact: true }).waitFor();

        // Who loses access is said before it happens.
        await page.getByRole('button', { name: 'Verwijder de aanbieder' }).click();
        const dialog = question(page, 'Nascholing Noord verwijderen?');
        await dialog.waitFor({ state: 'attached' });
        await page
          .getByText(
            '2 mensen kunnen zich meteen niet meer aanmelden; hun namen en adressen worden gewist: Lut Peeters, Petra Peeters.',
          )
          .waitFor();
        await look('provider-remove');
        await dialog.getByRole('button', { name: 'Annuleer' }).click();
        await dialog.waitFor({ state: 'detached' });

        await page.getByRole('button', { name: 'Verwijder – Lut Peeters' }).click();
        await question(page, 'Lut Peeters verwijderen?').getByRole('button', { name: 'Verwijder' }).click();
        await table.getByText('1 persoon').waitFor();
        await page.getByRole('link', { name: 'Aanbieders' }).last().click();
        await page.getByRole('heading', { name: 'Nascholing', level: 2 }).waitFor();
        await look('providers');
        await page.getByRole('link', { name: 'Nascholing Noord' }).click();
        await page.getByRole('button', { name: 'Verwijder de aanbieder' }).click();
        await dialog.getByRole('button', { name: 'Verwijder de aanbieder' }).click();
        await page.getByRole('heading', { name: 'Nog geen aanbieders' }).waitFor();
      },
      { viewport: { width: 1280, height: 900 } },
    ));
});

const report = (page: WatchedPage) => page.locator('directory-import-report');

describe('an import', () => {
  const withNewPupil = () => {
    const roster = twoSchools();
    roster.users.push(user('eva', 'Eva', 'Evens', { phone: '0470' }));
    roster.roles.push(role('eva', 'student', 'a'));
    // Only the school of the ICT coordinator.
    roster.orgs = roster.orgs.filter(({ sourcedId }) => sourcedId !== 'b');
    for (const file of ['roles', 'courses'] as const)
      roster[file] = roster[file].filter(({ orgSourcedId }) => orgSourcedId !== 'b');
    for (const file of ['classes', 'enrollments'] as const) {
      roster[file] = roster[file].filter(({ schoolSourcedId }) => schoolSourcedId !== 'b');
    }
    return roster;
  };

  test('lists every fault by file, row and column, in the reader’s language', () =>
    visit('ida', '/school/importeren', async (page) => {
      await page.getByRole('button', { name: 'Kies een zip-bestand' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await choose(page, Buffer.from('x'), 'school.csv');
      await page.getByText('Dit is geen zip-bestand.').waitFor();
      const roster = withNewPupil();
      Object.assign(roster.users[0] as object, { email: 'ann at school', enabledUser: 'ja' });
      await choose(page, zip(roster));
      await report(page).getByText('Er staan fouten in het bestand. Er is niets ingelezen.').waitFor();
      expect(await report(page).locator('tbody tr').allInnerTexts()).toEqual([
        'users.csv\trij 2\temail\tHier hoort een e-mailadres, er staat “ann at school”.',
        'users.csv\trij 2\tenabledUser\tHier hoort true of false, er staat “ja”.',
      ]);
      expect(await page.getByRole('button', { name: 'Lees in' }).count()).toBe(0);
      expect(await axe(page)).toEqual([]);
    }));

  test('is checked first, then done', () =>
    visit('ida', '/school/importeren', async (page) => {
      await choose(page, zip(withNewPupil()));
      await report(page).getByText('Alles klopt.').waitFor();
      await page.getByRole('row', { name: 'Personen 1 0 0 7' }).waitFor();
      expect(await axe(page)).toEqual([]);
      const total = async () =>
        (await (await platform.signIn(people['ann'] as string)).get('/api/directory/people?search=eva')).body.total;
      expect(await total()).toBe(0);
      await page.getByRole('button', { name: 'Lees in' }).click();
      await report(page).getByText('Klaar: alles is ingelezen.').waitFor();
      // ux 21: the result is on the screen and has the focus.
      const verdict = report(page).locator('.verdict');
      await expect.poll(() => verdict.evaluate((element) => element.matches(':focus'))).toBe(true);
      expect(await verdict.evaluate((element) => element.getBoundingClientRect().top > 0)).toBe(true);
      expect(await total()).toBe(1);
      await page.locator('summary', { hasText: 'Wat we weglieten' }).click();
      await page.getByText('users.csv, phone (1 cel): hebben we niet nodig, dus bewaren we niet').waitFor();
      expect(await axe(page)).toEqual([]);
    }));

  test.each([1280, 390])('content D1: that would remove much shows how much, and asks (%i px)', (width) =>
    visit(
      'ida',
      '/school/importeren',
      async (page) => {
        const many = withNewPupil();
        for (let number = 0; number < 30; number++) {
          many.users.push(user(`veel${number}`, 'Pia', `Veel ${number}`));
          many.roles.push(role(`veel${number}`, 'student', 'a'));
        }
        await platform.work('directory', ({ importer }) => importer.run(zip(many)));
        await choose(page, zip(withNewPupil()));
        await page.getByText('Hierdoor verdwijnen 30 van de').waitFor();
        expect(await page.getByRole('button', { name: 'Lees in' }).count()).toBe(0);
        expect(await axe(page)).toEqual([]);
        await page.getByRole('button', { name: 'Bekijk wat er verdwijnt' }).click();
        const open = page.getByRole('alertdialog', { name: 'Is dit echt weg?' });
        const dialog = page.locator('il-dialog', { has: open });
        await dialog.getByRole('row', { name: /Personen 30 van/ }).waitFor();
        expect(await axe(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Terug' }).click();
        await open.waitFor({ state: 'hidden' });
        await page.getByRole('button', { name: 'Bekijk wat er verdwijnt' }).click();
        await dialog.getByRole('button', { name: 'Het pakket is volledig' }).click();
        await page.getByText('Je hebt bevestigd').waitFor();
        await page.getByRole('button', { name: 'Lees in' }).click();
        await report(page).getByText('Klaar: alles is ingelezen.').waitFor();
      },
      { viewport: { width, height: 900 } },
    ));
});
