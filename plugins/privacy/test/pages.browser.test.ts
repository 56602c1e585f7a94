import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { createSchools } from './schools.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const telephone = { viewport: { width: 390, height: 800 }, colorScheme: 'dark' } as const;

let schools: Awaited<ReturnType<typeof createSchools>>;
let browser: Browser;
beforeAll(async () => {
  schools = await createSchools({ uiFolder });
  const ann = await schools.signIn('ann');
  for (const who of ['ali', 'bo']) {
    for (let look = 0; look < 60; look++) await ann.get(`/api/directory/people/${schools.people[who]}`);
  }
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await schools?.portal.stop();
});

async function visit(who: string, path: string, run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) {
  const client = await schools.signIn(who);
  await visitAs(browser, { url: schools.portal.url, path, cookie: client.cookie('ilearn') }, run, options);
}

const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  // A field that the page scrolled half under the bar would count as too small.
  await page.evaluate(() => scrollTo(0, 0));
  expect(await axe(page)).toEqual([]);
};
const download = async (page: WatchedPage, name: string) => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).or(page.getByRole('button', { name })).click(),
  ]);
  expect(await file.failure()).toBeNull();
  return file.suggestedFilename();
};

test('ux 6: a principal finds a pupil, reads in words who saw them, and exports what the school stores', () =>
  visit('piet', '/beheer/privacy', async (page) => {
    await page.getByText('7 personen, ook wie al weg is').waitFor();
    await fits(page);
    await picture(page, 'privacy-principal');
    await page.getByLabel('Zoek op naam').fill('ali am');
    await page.getByText('1 persoon, ook wie al weg is').waitFor();
    await page.getByRole('link', { name: /Ali Amrani/ }).click();
    await page.getByRole('heading', { name: 'Ali Amrani', level: 1 }).waitFor();
    await page.getByText('Alles wat jouw school over deze persoon bewaart').waitFor();
    const log = page.locator('privacy-audit-log');
    await log.getByText('Ann Aerts').first().waitFor();
    // Repeats of a day are one line, and no name of a route is shown until it is asked for.
    await log.getByText(/Bekeek de gegevens van deze persoon/).waitFor();
    const technical = log.getByText('GET /api/directory/people/:id', { exact: true });
    expect(await technical.isVisible()).toBe(false);
    await log.getByText('Technische namen').click();
    expect(await technical.isVisible()).toBe(true);
    await fits(page);
    await picture(page, 'privacy-person-principal');
    await page.getByRole('button', { name: 'Toon oudere' }).click();
    // All her looks; there is no more.
    await log.getByText(/^60 keer die dag, /).waitFor();
    expect(await page.getByRole('button', { name: 'Toon oudere' }).count()).toBe(0);
    await page.getByLabel('Tot en met').fill('2020-01-01');
    await page.getByText('In deze periode is er niets genoteerd.').waitFor();
    await page.getByRole('button', { name: 'Vraag een kopie' }).click();
    await page.getByText(/^De kopie is klaar\./).waitFor({ timeout: 30_000 });
    await fits(page);
    await picture(page, 'privacy-person-export');
    expect(await download(page, 'Download de kopie')).toBe('i-learn.zip');
    expect(await page.getByRole('heading', { name: 'Wissen' }).count()).toBe(0);
  }));

test('a portal administrator sees what an erasure removes, types the name, and follows it to its end', () =>
  visit('administrator', `/beheer/privacy/personen/${schools.people['bo']}`, async (page) => {
    await page.getByRole('heading', { name: 'Bo Bos', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Toon wat gewist zou worden' }).click();
    await page.getByRole('row', { name: 'Wie je bent op school: Wie je bent wordt gewist 1' }).waitFor();
    await fits(page);
    await picture(page, 'privacy-erasure');
    await page.getByRole('textbox', { name: 'Typ de naam om te bevestigen: Bo Bos' }).fill('Bo');
    await page.getByRole('button', { name: 'Wis Bo Bos voorgoed' }).click();
    await page.getByText('Dit is niet de naam. Typ precies: Bo Bos').waitFor();
    await fits(page);
    await picture(page, 'privacy-erasure-wrong');
    await page.getByRole('textbox', { name: 'Typ de naam om te bevestigen: Bo Bos' }).fill('Bo Bos');
    await page.getByRole('button', { name: 'Wis Bo Bos voorgoed' }).click();
    await page.getByText(/^Klaar op .* rijen gewist of losgemaakt van de persoon\.$/).waitFor();
    await fits(page);
    await picture(page, 'privacy-erased');
    await page.getByRole('link', { name: 'Terug naar Privacy' }).last().click();
    await page.getByRole('heading', { name: 'Gewist of bezig' }).waitFor();
    await page.getByText('8 personen, ook wie al weg is').waitFor();
    await page.getByRole('cell', { name: 'naam is al gewist' }).waitFor();
    await fits(page);
    await picture(page, 'privacy-administrator');
  }));

test('on a phone nothing overflows', () =>
  visit(
    'administrator',
    '/beheer/privacy',
    async (page) => {
      await page.getByText(/personen, ook wie al weg is/).waitFor();
      await fits(page);
      await picture(page, 'privacy-telephone');
      await page.getByRole('link', { name: /Ali Amrani/ }).click();
      await page.getByRole('button', { name: 'Toon wat gewist zou worden' }).click();
      await page.getByText('Dit kun je niet ongedaan maken.').waitFor();
      await page.getByText('Ann Aerts').first().waitFor();
      await fits(page);
      await picture(page, 'privacy-person-telephone');
      await page.goto(`${schools.portal.url}/beheer/privacy/register`);
      await page.getByRole('heading', { name: 'Wie je bent op school' }).click();
      await page.getByText('1 jaar vanaf “niet meer actief sinds”').first().waitFor();
      await fits(page);
      await picture(page, 'privacy-register-telephone');
    },
    telephone,
  ));

test('the register is shown in the reader’s language, and saved as a file', () =>
  visit('piet', '/beheer/privacy/register', async (page) => {
    await page.getByRole('heading', { name: 'Register van verwerkingsactiviteiten', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Wie je bent op school' }).click();
    await page.getByRole('heading', { name: 'Je klassen en groepen (enrolments)' }).waitFor();
    await fits(page);
    await picture(page, 'privacy-register');
    const closed = page.locator('details:not([open])');
    const parts = await closed.count();
    expect(parts).toBeGreaterThan(0);
    // On paper nothing is folded away.
    await page.evaluate(() => {
      const page = document.querySelector('il-shell')?.shadowRoot?.querySelector('il-page')?.shadowRoot?.firstElementChild;
      addEventListener('beforeprint', () => {
        document.body.dataset['printed'] = String(page?.shadowRoot?.querySelectorAll('details[open]').length);
      });
    });
    await page.pdf();
    expect(await page.locator('body').getAttribute('data-printed')).toBe(String(parts + 1));
    await expect.poll(() => closed.count()).toBe(parts);
    await page.getByRole('button', { name: /Taal: / }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Français' }).click();
    await page.getByRole('heading', { name: 'Registre des activités de traitement', level: 1 }).waitFor();
    expect(await download(page, 'Télécharger le registre')).toBe('register.html');
  }));

test('a principal reads the register of the school by purpose, who sees what, and accepts the agreement', async () => {
  await schools.portal.work('privacy', ({ agreements }) => agreements.note());
  await visit('piet', '/beheer/privacy/register', async (page) => {
    await page.getByRole('heading', { name: 'Een persoonlijke leeromgeving' }).waitFor();
    await page.getByText('een taak van algemeen belang (AVG, artikel 6, lid 1, e)').first().waitFor();
    expect(await download(page, 'Download als tabel')).toBe('register.csv');
    await page.goto(`${schools.portal.url}/beheer/privacy/wie-ziet-wat`);
    await page
      .getByRole('columnheader', { name: /Leraar/ })
      .first()
      .waitFor();
    await page.getByRole('row', { name: /Bekeek de gegevens van deze persoon.*ja/ }).waitFor();
    await fits(page);
    await picture(page, 'privacy-matrix');
    await page.goto(`${schools.portal.url}/beheer/privacy/overeenkomsten`);
    await page.getByText('Nog niet aanvaard.').waitFor();
    await fits(page);
    await page.getByRole('button', { name: 'Aanvaard voor de school' }).click();
    await page.getByText('Van kracht.').waitFor();
    await picture(page, 'privacy-agreement');
    expect(await download(page, 'Download wat aanvaard is')).toBe('agreement.html');
    // Saved as a PDF by the browser, it has the structure that screen readers need.
    await page.goto(`${schools.portal.url}/api/privacy/agreements/${schools.schoolOf('ali')}/draft?language=nl`);
    const pdf = (await page.pdf({ tagged: true })).toString('latin1');
    for (const tag of ['/StructTreeRoot', '/S /H1', '/S /H2', '/Lang']) expect(pdf).toContain(tag);
  });
});

test('everybody finds the statement in the foot, for children in large letters, also without signing in', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: 'nl-BE' });
  const page = (await context.newPage()) as unknown as WatchedPage;
  await page.goto(schools.portal.url);
  await page.getByRole('contentinfo').getByRole('link', { name: 'Privacy' }).click();
  await page.getByRole('heading', { name: 'Waarvoor, en wie beslist' }).waitFor();
  await page.getByRole('button', { name: 'Voor kinderen' }).click();
  await page.getByText('Je juf of meester ziet wat je doet.').waitFor();
  expect(await page.getByRole('heading', { name: 'Waarvoor, en wie beslist' }).count()).toBe(0);
  expect(page.url()).toContain('lezer=child');
  await fits(page);
  await picture(page, 'privacy-statement-child');
  await context.close();
});

test('everybody finds their own data in their menu', () =>
  visit('ali', '/klassen', async (page) => {
    await page.getByRole('button', { name: /jouw menu/ }).click();
    await page.getByRole('menuitem', { name: 'Mijn gegevens' }).click();
    await page.getByRole('heading', { name: 'Wat weet het portaal over mij?', level: 1 }).waitFor();
    await fits(page);
    await picture(page, 'privacy-own');
    await page.getByRole('button', { name: 'Vraag een kopie' }).click();
    await page.getByText(/^De kopie is klaar\./).waitFor({ timeout: 30_000 });
    await fits(page);
    await picture(page, 'privacy-own-ready');
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'privacy-own-ready-telephone');
    expect(await download(page, 'Download de kopie')).toBe('i-learn.zip');
    // Whoever has not the task is told so, not shown an empty page.
    await page.goto(`${schools.portal.url}/beheer/privacy`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('privacy-people-page').count()).toBe(0);
  }));

test('a person objects with one click and withdraws it; a parent answers by a link; a principal restricts', async () => {
  const { portal, people } = schools;
  const [bo, texts] = [
    people['ali'] as string,
    { nl: 'Mogen onderzoekers zien hoe je leert?', en: 'May they?', fr: 'Peuvent-ils ?' },
  ];
  await portal.work('privacy', ({ consents }) => consents.ask({ person: bo, purpose: 'research', version: '1', texts }));
  await visit('ali', '/mijn-gegevens', async (page) => {
    const first = page.getByRole('button', { name: /^Maak bezwaar: / }).first();
    await first.waitFor();
    await fits(page);
    await picture(page, 'privacy-own-objections');
    await first.click();
    await page.getByText(/^Bezwaar sinds /).waitFor();
    await page.getByRole('button', { name: /^Trek het bezwaar in: / }).click();
    await page.getByText(/^Bezwaar sinds /).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Bekijk waarvoor je toestemming werd gevraagd' }).click();
    await page.getByText(texts.nl).waitFor();
    // Too young for yes; no is always possible.
    expect(await page.getByRole('button', { name: /^Ja, dat mag/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^Nee, dat mag niet/ }).waitFor();
    await fits(page);
    await picture(page, 'privacy-own-consents');
  });
  let link = '';
  await visit('piet', `/beheer/privacy/personen/${bo}`, async (page) => {
    await page.getByRole('button', { name: 'Maak een link voor een ouder' }).click();
    link = new URL((await page.locator('code', { hasText: '/toestemming/' }).textContent()) ?? '').pathname;
    await page.getByRole('button', { name: 'Zet de gegevens stil' }).click();
    await page.getByText(/^De gegevens staan stil sinds /).waitFor();
    await fits(page);
    await picture(page, 'privacy-person-rights');
    await page.getByRole('button', { name: 'Laat de gegevens weer gebruiken' }).click();
    await page.getByRole('button', { name: 'Zet de gegevens stil' }).waitFor();
    await page.goto(`${portal.url}/beheer/privacy/toestemmingen`);
    await page.getByRole('link', { name: /Ali Amrani/ }).waitFor();
    await fits(page);
    await picture(page, 'privacy-open-consents');
  });
  await visitAs(browser, { url: portal.url, path: link, cookie: undefined }, async (page) => {
    await page.getByText(texts.nl).waitFor();
    await fits(page);
    await picture(page, 'privacy-parent');
    await page.getByRole('button', { name: 'Ja, dat mag' }).click();
    await page.getByText('Je hebt toestemming gegeven.').waitFor();
    await page.getByRole('button', { name: 'Trek de toestemming in' }).click();
    await page.getByText('Je hebt geen toestemming gegeven.').waitFor();
  });
});
