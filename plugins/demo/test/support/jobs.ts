import type { Locator, Page } from 'playwright-core';
import { demoRoster } from './demo-roster.js';

/** Something that people come to do, counted from the page where it starts. */
export interface Job {
  name: string;
  from: string;
  /** Maximum number of clicks; a letter typed is not one. */
  clicks: number;
  /** Ends when the result is on the screen. */
  walk: (page: Page) => Promise<unknown>;
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name }).first();
const link = (page: Page, name: string | RegExp): Locator => page.getByRole('link', { name }).first();
/** Waits until the fonts are there and nothing is on its way. */
const still = (page: Page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    for (let frames = 0, height = 0; frames < 5; frames++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (document.documentElement.scrollHeight !== height) frames = 0;
      height = document.documentElement.scrollHeight;
    }
  });
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

/** Counts what the browser takes for clicks of a person, over all pages that a tab opens. */
export async function countClicks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener(
      'pointerdown',
      ({ isTrusted }) => {
        if (isTrusted) sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks')) + 1));
      },
      true,
    );
  });
}

export const forgetClicks = (page: Page): Promise<void> => page.evaluate(() => sessionStorage.removeItem('clicks'));
export const clicksSoFar = (page: Page): Promise<number> => page.evaluate(() => Number(sessionStorage.getItem('clicks')));

/** Does a job and returns its clicks. */
export async function clicksOf({ from, walk }: Job, page: Page, portalUrl: string): Promise<number> {
  await page.goto(portalUrl + from);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await forgetClicks(page);
  await walk(page);
  return clicksSoFar(page);
}

async function copyOfOwnData(page: Page): Promise<void> {
  await button(page, /jouw menu/).click();
  await page.getByRole('menuitem', { name: 'Mijn gegevens' }).click();
  await button(page, 'Vraag een kopie').click();
  await page.getByText(/De kopie (is gevraagd|wordt gemaakt|is klaar)/).waitFor();
}

const pupil: Job[] = [
  {
    name: 'begins the next step',
    from: '/',
    clicks: 1,
    walk: async (page) => {
      await page.route(/\/steps\/[0-9a-f-]+\/open$/, (route) =>
        route.fulfill({ json: { kind: 'text', markdown: 'Een tekst.', language: null } }),
      );
      await page.locator('myway-start-next button').click();
      await page.waitForURL(/\/stap\//);
      await page.unrouteAll({ behavior: 'wait' });
    },
  },
  {
    name: 'opens another path',
    from: '/',
    clicks: 2,
    walk: async (page) => {
      await link(page, 'Mijn sporen').click();
      await title(page, 'Mijn sporen');
      // A press on a row that moves while the page fills would be made again, and counted twice.
      await still(page);
      await page.locator('myway-my-paths-page a[href^="/mijn-paden/"]').last().click();
      await page.locator('myway-trail-page il-line').waitFor();
    },
  },
  {
    name: 'looks back at a step that is done',
    from: '/mijn-paden',
    clicks: 2,
    walk: async (page) => {
      await link(page, /(\d+) van \1 klaar/).click();
      await page.locator('myway-trail-page il-line a').first().click();
      await page.waitForURL(/\/stap\//);
    },
  },
  { name: 'asks for a copy of the own data', from: '/', clicks: 3, walk: copyOfOwnData },
  {
    name: 'signs out',
    from: '/',
    clicks: 2,
    walk: async (page) => {
      await button(page, /jouw menu/).click();
      await page.getByRole('menuitem', { name: /[Aa]f/ }).last().click();
      await page.waitForURL(/\/aanmelden/);
    },
  },
];

const teacher: Job[] = [
  {
    name: 'makes a path of eight steps and gives it to a class',
    from: '/paden',
    clicks: 11,
    walk: async (page) => {
      await button(page, 'Nieuw spoor').click();
      await page.getByLabel('Naam van het spoor').fill('Acht stappen');
      await page.keyboard.press('Enter');
      const steps = page.getByRole('list', { name: 'Stappen' }).getByRole('listitem');
      for (let step = 0; step < 8; step += 1) {
        await page
          .getByRole('button', { name: /^Voeg .* toe$/ })
          .nth(step)
          .click();
        await steps.nth(step).waitFor();
      }
      await page.getByText('Alles is bewaard').waitFor();
      await button(page, 'Geef aan leerlingen').click();
      await button(page, 'Geef het spoor').click();
      await page
        .getByText(/heeft nu “Acht stappen”/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'makes a group of two pupils',
    from: '/klassen',
    clicks: 4,
    walk: async (page) => {
      await button(page, 'Maak een groep').click();
      await page.getByLabel('Naam van de groep').fill('Duo');
      const pupils = page.locator('directory-group-dialog wa-checkbox');
      await pupils.nth(0).click();
      await pupils.nth(1).click();
      await button(page, 'Bewaar de groep').click();
      await title(page, 'Duo');
    },
  },
  {
    name: 'sees the tries of a pupil who is stuck',
    from: '/opvolging',
    clicks: 2,
    walk: async (page) => {
      await link(page, /loopt vast|lopen vast/).click();
      await page
        .getByRole('grid')
        .getByRole('button', { name: /loopt vast/ })
        .first()
        .click();
      await page
        .locator('myway-pupil-panel')
        .getByText(/^loopt vast/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'stops a path, and takes that back with a key',
    from: '/opvolging',
    clicks: 3,
    walk: async (page) => {
      await page.locator('myway-follow-up-page a[href^="/opvolging/"]').first().click();
      await button(page, 'Meer').click();
      await page.getByRole('menuitem', { name: 'Stop dit spoor' }).click();
      await page
        .getByText(/^Het spoor is gestopt/)
        .first()
        .waitFor();
      await page.keyboard.press('Control+z');
      await page.getByText(/^gestopt op/).waitFor({ state: 'detached' });
    },
  },
  {
    name: 'sees who is stuck today',
    from: '/',
    clicks: 1,
    walk: async (page) => {
      await page.locator('myway-start-stuck a.row').first().click();
      await page.locator('myway-pupil-panel').waitFor();
    },
  },
];

const coordinator: Job[] = [
  {
    name: 'imports the roster',
    from: '/school',
    clicks: 4,
    walk: async (page) => {
      await page.locator('directory-school il-page-head wa-button[href="/school/importeren"]').click();
      const chooser = page.waitForEvent('filechooser');
      await button(page, 'Kies een zip-bestand').click();
      await (await chooser).setFiles({ name: 'school.zip', mimeType: 'application/zip', buffer: await demoRoster() });
      await page.locator('directory-import .actions wa-button[variant=brand]').click();
      await page
        .locator('directory-import-report .verdict')
        .filter({ hasText: /ingelezen/ })
        .waitFor();
    },
  },
  {
    name: 'makes a temporary account',
    from: '/tijdelijke-accounts',
    clicks: 3,
    walk: async (page) => {
      await button(page, 'Nieuw tijdelijk account').click();
      await page.getByLabel('Voornaam').fill('Ine');
      await page.getByLabel('Familienaam').fill('Terim');
      await button(page, 'Maak het account').click();
      await page.getByText('Het account is klaar').waitFor();
      await button(page, 'Klaar').click();
      await link(page, 'Ine Terim').waitFor();
    },
  },
  {
    name: 'finds a person and gives a new password',
    from: '/school',
    clicks: 3,
    walk: async (page) => {
      await page.getByLabel('Zoek op naam').fill('Janssens');
      await page.locator('directory-people-finder a', { hasText: 'Wout' }).first().click();
      await button(page, 'Nieuw wachtwoord').click();
      await button(page, 'Maak een nieuw wachtwoord').click();
      await page.locator('login-card').waitFor();
    },
  },
  {
    name: 'sees who has no account',
    from: '/',
    clicks: 2,
    walk: async (page) => {
      await link(page, 'School').click();
      await page.locator('login-missing-accounts a').click();
      await button(page, /^Maak en druk/).waitFor();
    },
  },
  { name: 'asks for a copy of the own data', from: '/', clicks: 3, walk: copyOfOwnData },
];

const principal: Job[] = [
  {
    name: 'exports what the school keeps about a pupil',
    from: '/beheer/privacy',
    clicks: 3,
    walk: async (page) => {
      await page.getByLabel('Zoek op naam').fill('Willems');
      await page.locator('privacy-people-page a.row').first().click();
      await button(page, 'Vraag een kopie').click();
      const ready = button(page, /^Download de kopie/);
      await ready.waitFor();
      await Promise.all([page.waitForEvent('download'), ready.click()]);
    },
  },
  {
    name: 'sees who looked at a pupil',
    from: '/beheer/privacy',
    clicks: 1,
    walk: async (page) => {
      await page.getByLabel('Zoek op naam').fill('Willems');
      await page.locator('privacy-people-page a.row').first().click();
      await page.locator('privacy-audit-log li').first().waitFor();
    },
  },
  {
    name: 'saves the register',
    from: '/beheer/privacy',
    clicks: 2,
    walk: async (page) => {
      await page
        .getByRole('link', { name: 'Register van verwerkingen' })
        .or(button(page, 'Register van verwerkingen'))
        .first()
        .click();
      await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download het register' }).click()]);
    },
  },
  {
    name: 'opens a class of the school',
    from: '/',
    clicks: 2,
    walk: async (page) => {
      await link(page, 'Klassen').click();
      await page.getByRole('link', { name: /3A/ }).first().click();
      await title(page, '3A');
    },
  },
  {
    name: 'opens a colleague',
    from: '/school',
    clicks: 2,
    walk: async (page) => {
      await link(page, /personeelsleden/).click();
      await page.locator('directory-people-finder a', { hasText: 'Peeters' }).first().click();
      await title(page, /Peeters/);
    },
  },
];

const administrator: Job[] = [
  {
    name: 'erases a person',
    from: '/beheer/privacy',
    clicks: 3,
    walk: async (page) => {
      await page.getByLabel('Zoek op naam').fill('Aerts');
      const row = page.locator('privacy-people-page a.row').first();
      await row.filter({ hasText: 'Aerts' }).click();
      await button(page, 'Toon wat gewist zou worden').click();
      const field = page.getByRole('textbox', { name: /^Typ de naam om te bevestigen/ });
      await field.fill((await page.getByRole('heading', { level: 1 }).first().innerText()).trim());
      await button(page, /^Wis .* voorgoed$/).click();
      await page
        .getByText(/^(Bezig|Klaar op)/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'switches a module off',
    from: '/beheer/modules',
    clicks: 2,
    walk: async (page) => {
      await button(page, /^Schakel uit – (search|Zoeken)/).click();
      await page
        .locator('il-dialog')
        .getByRole('button', { name: /^Schakel .* uit$/ })
        .click();
      await button(page, /^Schakel in – (search|Zoeken)/).waitFor();
    },
  },
  {
    name: 'switches it on again',
    from: '/beheer/modules',
    clicks: 1,
    walk: async (page) => {
      await button(page, /^Schakel in – /).click();
      await button(page, /^Schakel uit – (search|Zoeken)/).waitFor();
    },
  },
  {
    name: 'adds a provider',
    from: '/aanbieders',
    clicks: 2,
    walk: async (page) => {
      await button(page, 'Nieuwe aanbieder').click();
      await page.getByLabel('Naam', { exact: true }).fill('De Nieuwe Kaai');
      await page.getByLabel('E-mailadres voor contact').fill('info@kaai.example');
      await button(page, 'Bewaar').click();
      await title(page, 'De Nieuwe Kaai');
    },
  },
  {
    name: 'sees failed jobs',
    from: '/',
    clicks: 1,
    walk: async (page) => {
      await page
        .locator('il-start-page')
        .getByRole('link', { name: /mislukt/i })
        .first()
        .click();
      await page.waitForURL(/\/beheer\/wachtrijen/);
    },
  },
];

/** The middle of an element with a hint is beside its box and its label. */
const tick = (page: Page, role: string) =>
  page.locator('directory-provider-person-dialog wa-checkbox', { hasText: role }).click({ position: { x: 12, y: 20 } });

const provider: Job[] = [
  {
    name: 'opens the own organisation',
    from: '/',
    clicks: 1,
    walk: async (page) => {
      await page.locator('il-start-page').getByRole('link', { name: /perso/ }).first().click();
      await page.locator('directory-provider table').waitFor();
    },
  },
  {
    name: 'adds a colleague',
    from: '/aanbieders',
    clicks: 4,
    walk: async (page) => {
      await page.locator('directory-providers a.row').first().click();
      await button(page, 'Nieuwe persoon').click();
      await page.getByLabel('Voornaam').fill('Ans');
      await page.getByLabel('Familienaam').fill('Nieuw');
      await page.getByLabel('E-mailadres', { exact: true }).fill('ans@kaai.example');
      await tick(page, 'Lesgever');
      await button(page, 'Voeg toe').click();
      await page.getByText('Ans Nieuw is toegevoegd.').first().waitFor();
    },
  },
  {
    name: 'changes the roles of a colleague',
    from: '/aanbieders',
    clicks: 4,
    walk: async (page) => {
      await page.locator('directory-providers a.row').first().click();
      await button(page, /^Wijzig.*Ans Nieuw/).click();
      await tick(page, 'Coach');
      await page.locator('directory-provider-person-dialog').getByRole('button', { name: 'Bewaar' }).click();
      await page
        .getByText(/De rollen van Ans Nieuw zijn bewaard/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'removes a colleague',
    from: '/aanbieders',
    clicks: 3,
    walk: async (page) => {
      await page.locator('directory-providers a.row').first().click();
      await button(page, /^Verwijder.*Ans Nieuw/).click();
      await page.locator('il-dialog').getByRole('button', { name: 'Verwijder' }).click();
      await page.getByText('Ans Nieuw is verwijderd.').first().waitFor();
    },
  },
  { name: 'asks for a copy of the own data', from: '/', clicks: 3, walk: copyOfOwnData },
];

/** Five main jobs of each role, by its door. Those of a class are in doors.browser.test.ts: giving a path, cards, a pupil's whole picture. */
export const jobs: Readonly<Record<string, readonly Job[]>> = {
  leraar: teacher,
  'ICT-coördinator': coordinator,
  directeur: principal,
  aanbieder: provider,
  beheerder: administrator,
  leerling: pupil,
};
