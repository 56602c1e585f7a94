import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import library from '@ilearn/plugin-library';
import { defineConnector } from '@ilearn/plugin-library/connector';
import lti from '@ilearn/plugin-lti';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { createSchools } from './schools.js';

const tool = defineConnector({
  id: 'connector-tafels',
  version: '0.1.0',
  name: 'Tafeltrainer',
  provider: 'Tafels bv',
  description: 'Tafels oefenen.',
  languages: ['nl'],
  ages: { from: 6, to: 12 },
  price: 'free',
  account: 'none',
  data: [],
  privacyStatement: 'https://tafels.example/privacy',
  help: 'https://tafels.example/help',
  lti: {
    clientId: 'tafels',
    deploymentId: '1',
    loginUrl: 'https://tafels.example/login',
    redirectUris: ['https://tafels.example/launch'],
    jwksUrl: 'https://tafels.example/jwks',
    release: { name: true, email: true },
  },
  activities: [],
});

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let schools: Awaited<ReturnType<typeof createSchools>>;
let browser: Browser;
beforeAll(async () => {
  schools = await createSchools({ uiFolder, plugins: [library, lti, tool] });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await schools?.portal.stop();
});

async function visit(who: string, path: string, run: (page: WatchedPage) => Promise<void>) {
  const client = await schools.signIn(who);
  await visitAs(browser, { url: schools.portal.url, path, cookie: client.cookie('ilearn') }, run);
}

const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  expect(await axe(page)).toEqual([]);
};

/** The content of a dialog is in its slots. */
const dialogOf = (page: WatchedPage, name: string) => page.locator('il-dialog', { has: page.getByRole('dialog', { name }) });

test('a teacher asks to correct a name; the principal answers, reports it to the school, and prints the letter', async () => {
  await visit('ann', '/mijn-gegevens', async (page) => {
    await page.getByRole('heading', { name: 'Mijn gegevens', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Vraag iets' }).click();
    await page.getByLabel('Wat moet er staan?').fill('Anna');
    await page.getByLabel('Leg uit wat je wilt').fill('Mijn voornaam klopt niet.');
    await fits(page);
    await picture(page, 'privacy-own-ask');
    await page.getByRole('button', { name: 'Verstuur je verzoek' }).click();
    await page.getByText('we zijn ermee bezig').waitFor();
    await fits(page);
    await picture(page, 'privacy-own-asked');
  });
  await visit('piet', '/', async (page) => {
    await page.getByRole('link', { name: /1 open verzoek/ }).click();
    await page.getByRole('heading', { name: 'Verzoeken over gegevens', level: 1 }).waitFor();
    await page.getByText(/^nog \d+ dagen, tot /).waitFor();
    await fits(page);
    await picture(page, 'privacy-requests');
    await page.getByRole('link', { name: /Verbetering · Ann Aerts/ }).click();
    await page.getByRole('heading', { name: 'Verbetering: Ann Aerts', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Meld aan de school' }).click();
    await page.getByText('Dit gegeven komt uit haar bestand', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Willig in' }).click();
    const dialog = dialogOf(page, 'Willig in');
    await dialog.getByLabel('Antwoord').fill('We verbeteren je voornaam in het bestand.');
    await dialog.getByRole('button', { name: 'Willig in' }).click();
    await page.getByText('Antwoord: ingewilligd').click();
    await page.getByText(/We zijn op je verzoek ingegaan/).waitFor();
    await fits(page);
    await picture(page, 'privacy-request');
    // Only the letter comes on paper.
    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event('beforeprint'));
    });
    await page.getByRole('button', { name: 'Druk de brief af' }).last().click();
    const sheet = page.locator('.sheet-letter');
    expect(await sheet.textContent()).toContain('We verbeteren je voornaam in het bestand.');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await sheet.count()).toBe(0);
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'privacy-request-telephone');
  });
  await visit('ann', '/mijn-gegevens', async (page) => {
    await page.getByText('in orde', { exact: true }).waitFor();
    await page.getByText('Antwoord: ingewilligd').click();
    await page.getByText(/We verbeteren je voornaam in het bestand\./).waitFor();
  });
  // Whoever keeps the school's file reads what to correct there, and says when it is.
  await visit('ida', '/beheer/privacy/verbeteringen', async (page) => {
    await page.getByText('Voornaam: nu Ann, moet zijn Anna').waitFor();
    await fits(page);
    await picture(page, 'privacy-corrections');
    await page.getByRole('button', { name: 'Verbeterd – Ann Aerts' }).click();
    await page.getByText('Er is niets te verbeteren').waitFor();
  });
});

test('a principal records what a parent asks, and cannot grant it before the identity is checked', () =>
  visit('piet', '/beheer/privacy/verzoeken', async (page) => {
    await page.getByRole('button', { name: 'Noteer een verzoek' }).click();
    const dialog = dialogOf(page, 'Noteer een verzoek');
    await dialog.getByRole('combobox', { name: 'Over wie gaat het?' }).fill('bo b');
    await page.getByRole('option', { name: /Bo Bos/ }).click();
    await dialog.getByLabel('Naam van wie het vraagt').fill('Els Bos');
    await fits(page);
    await picture(page, 'privacy-record');
    await dialog.getByRole('button', { name: 'Noteer het verzoek' }).click();
    await page.getByRole('heading', { name: 'Inzage: Bo Bos', level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'Willig in' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Identiteit nagekeken' }).click();
    const check = dialogOf(page, 'Identiteit nagekeken');
    await check.getByLabel('Hoe keek je de identiteit na?').fill('De moeder kwam langs.');
    await check.getByRole('button', { name: 'Identiteit nagekeken' }).click();
    await page.getByRole('button', { name: 'Willig in' }).waitFor();
    // The copy is one click away.
    await page.getByRole('button', { name: 'Vraag een kopie' }).waitFor();
    await fits(page);
  }));

test('a child reads with pictures what the portal knows, and asks for a copy', () =>
  visit('ali', '/mijn-gegevens', async (page) => {
    await page.getByRole('heading', { name: 'Wat weet het portaal over mij?', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Dit bewaren we over jou' }).waitFor();
    await page.getByRole('heading', { name: 'Wie je bent op school' }).waitFor();
    await page.getByText('Andere kinderen zien het niet.', { exact: false }).waitFor();
    // Composed from what is in service: this portal has no exercises or helpdesk.
    expect(await page.getByRole('heading', { name: 'Helpdesk' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Vraag een kopie' }).waitFor();
    await page.getByRole('button', { name: 'Vraag iets' }).waitFor();
    await fits(page);
    await picture(page, 'privacy-child');
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'privacy-child-telephone');
  }));

test('a principal records an incident, finds who is affected, and prints notification and letters', async () => {
  const ann = await schools.signIn('ann');
  await ann.get(`/api/directory/people/${schools.people['bo']}`);
  await visit('piet', '/beheer/privacy/incidenten', async (page) => {
    await page.getByRole('button', { name: 'Noteer een incident' }).click();
    const dialog = dialogOf(page, 'Noteer een incident');
    await dialog.getByLabel('Wat is er gebeurd?').fill('Het account van een leraar is gebruikt door iemand anders.');
    await fits(page);
    await dialog.getByRole('button', { name: 'Start de klok' }).click();
    await page.getByRole('heading', { name: 'Incident 1', level: 1 }).waitFor();
    await page.getByText(/^nog 7[12] uur$/).waitFor();
    await page.getByRole('combobox', { name: 'Welk account?' }).fill('ann a');
    await page.getByRole('option', { name: /Ann Aerts/ }).click();
    await page.getByLabel('Van', { exact: true }).fill('2020-01-01T00:00');
    await page.getByLabel('Tot', { exact: true }).fill('2100-01-01T00:00');
    await page.getByRole('button', { name: 'Zoek wie getroffen is' }).click();
    await page.getByText('1 persoon toegevoegd.').waitFor();
    await page.getByLabel('Gevolgen voor mensen').fill('Iemand las de gegevens van een leerling.');
    await page.getByLabel('Maatregelen', { exact: true }).fill('Het wachtwoord is vervangen.');
    await page.getByRole('radio', { name: 'hoog risico', exact: false }).click();
    await fits(page);
    await picture(page, 'privacy-incident');
    await page.evaluate(() => {
      window.print = () => dispatchEvent(new Event('beforeprint'));
    });
    await page.getByRole('button', { name: 'Druk de brieven af' }).click();
    expect(await page.locator('.sheet-letter').textContent()).toContain('Beste Bo Bos');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.getByRole('button', { name: 'Gemeld aan de toezichthouder' }).click();
    await page.getByText('· gemeld', { exact: false }).first().waitFor();
    await page.goto(`${schools.portal.url}/beheer/privacy/incidenten`);
    await page.getByText('gemeld', { exact: true }).waitFor();
    await fits(page);
  });
});

test('granting a restriction asks for its ground, does it, and shows how to end it', async () => {
  const bo = await schools.signIn('bo');
  const { body } = await bo.post('/api/privacy/own/requests', { kind: 'restriction', details: 'Mijn punten kloppen niet.' });
  await visit('piet', `/beheer/privacy/verzoeken/${body.id}`, async (page) => {
    await page.getByRole('button', { name: 'Willig in' }).click();
    const dialog = dialogOf(page, 'Willig in');
    await dialog.getByRole('radio', { name: /gegevens niet juist zijn/ }).waitFor();
    await dialog.getByLabel('Antwoord').fill('We zetten je gegevens stil.');
    await fits(page);
    await picture(page, 'privacy-grant-restriction');
    await dialog.getByRole('button', { name: 'Willig in' }).click();
    await page.getByText(/^De gegevens staan stil sinds /).waitFor();
    await page.getByText('Gegevens stilgezet: De persoon zegt dat gegevens niet juist zijn').waitFor();
    await fits(page);
    await picture(page, 'privacy-request-restriction');
    await page.getByRole('button', { name: 'Laat de gegevens weer gebruiken' }).click();
    await page.getByText(/^De gegevens staan stil sinds /).waitFor({ state: 'detached' });
  });
});

test('a principal sees what a tool asks and got, withholds a field, and writes the impact assessment', () =>
  visit('piet', '/beheer/privacy/programmas', async (page) => {
    await page.getByRole('heading', { name: 'Tafeltrainer' }).waitFor();
    await page.getByRole('link', { name: /privacyverklaring/i }).waitFor();
    const field = page.getByRole('switch').first();
    expect(await field.isChecked()).toBe(true);
    await field.press('Space');
    await expect.poll(() => field.isChecked()).toBe(false);
    await fits(page);
    await picture(page, 'privacy-released');
    await page.reload();
    await expect.poll(() => page.getByRole('switch').first().isChecked()).toBe(false);
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'privacy-released-telephone');
    await page.goto(`${schools.portal.url}/beheer/privacy/effectbeoordeling`);
    const risks = page.locator('section', { has: page.getByRole('heading', { name: 'Welke risico’s blijven er voor mensen?' }) });
    await risks.getByLabel('Dit voeg je toe').fill('Een verloren tablet.');
    await page.getByRole('button', { name: 'Bewaar als versie 1' }).click();
    await page.getByRole('link', { name: 'Versie 1', exact: true }).waitFor();
    await fits(page);
    await picture(page, 'privacy-assessment-telephone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await picture(page, 'privacy-assessment');
  }));

test('an administrator tells schools of an incident, and decides about the name of an erased person in what another wrote', async () => {
  const { portal, people } = schools;
  const administrator = await schools.signIn('administrator');
  await administrator.get(`/api/directory/people/${people['bo']}`);
  const incident = { school: null, what: 'Een back-up lag open.', awareAt: new Date().toISOString() };
  const { id } = (await administrator.post('/api/privacy/incidents', incident)).body;
  const period = { since: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' };
  await administrator.post(`/api/privacy/incidents/${id}/search`, { route: 'GET /api/directory/people/:id', ...period });
  const ann = await schools.signIn('ann');
  const details = 'Cas Claes zit niet meer in mijn klas.';
  expect((await ann.post('/api/privacy/own/requests', { kind: 'complaint', details })).status).toBe(201);
  await visit('administrator', `/beheer/privacy/incidenten/${id}`, async (page) => {
    await page.getByRole('button', { name: /^Verwittig \d school|^Verwittig \d scholen/ }).click();
    await page
      .getByText(/^verwittigd op /)
      .first()
      .waitFor();
    await fits(page);
    await picture(page, 'privacy-told-schools');
    await administrator.post(`/api/privacy/people/${people['cas']}/erasure`, { name: 'Cas Claes' });
    await expect.poll(async () => (await administrator.get('/api/privacy/start')).body.open, { timeout: 20_000 }).toBe(0);
    await portal.work('privacy', async ({ nameSearches, knex }) => {
      const { id: search } = await knex('name_searches').first('id');
      while (await nameSearches.step(search));
    });
    await page.goto(`${portal.url}/beheer/privacy/namen`);
    await page.getByText(details).waitFor();
    await fits(page);
    await picture(page, 'privacy-names');
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'privacy-names-telephone');
    await page.getByRole('button', { name: 'Vervang door' }).first().click();
    await page.getByText('Er is niets te beslissen').waitFor();
  });
  await visit('piet', '/beheer/privacy/incidenten', async (page) => {
    await page.getByRole('heading', { name: 'Gemeld door de beheerder van het portaal' }).waitFor();
    await fits(page);
    await picture(page, 'privacy-told-incident');
    await page.getByRole('button', { name: 'Noteer in ons register' }).click();
    await page.getByRole('heading', { name: /^Incident \d+$/, level: 1 }).waitFor();
  });
});
