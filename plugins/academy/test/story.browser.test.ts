import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture, type WatchedPage } from '../../../ui/test/browser.js';
import { academyPortal, enrol, event, inDays, type Person, passDays, statesOf, training, type World } from './support/academy.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

/** One portal and one page: what one person did, the next one finds. */
let world: World;
let browser: Browser;
let page: WatchedPage;
let bo: Person;
let coach: Person;
let eventId = '';
beforeAll(async () => {
  world = await academyPortal({ uiFolder });
  bo = await world.at(world.wegwijzer, 'teacher', 'Bo');
  coach = await world.of(world.kaai, 'coach', 'Oksana');
  browser = await launch();
  page = await openPage(browser, world.portal.url);
  page.setDefaultTimeout(15_000);
}, 180_000);
afterAll(async () => {
  if (page !== undefined) {
    expect(page.faults).toEqual([]);
    await closePage(page);
  }
  await browser?.close();
  await world?.portal.stop();
});

/** Opens a page as somebody; undefined: a visitor. */
async function as(who: Person | undefined, path: string): Promise<void> {
  // Nothing of the page before is on its way any more.
  await page.goto('about:blank');
  await page.context().clearCookies();
  if (who !== undefined)
    await page.context().addCookies([{ name: 'ilearn', value: who.cookie('ilearn') as string, url: world.portal.url }]);
  await page.goto(world.portal.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const link = (name: string | RegExp) => page.getByRole('link', { name, exact: typeof name === 'string' });
const field = (name: string) => page.getByLabel(name, { exact: true });
const checkbox = (text: string) => page.locator('wa-checkbox', { hasText: text });
/** The open dialog with all that is slotted into it. */
const dialog = () => page.locator('il-dialog', { has: page.getByRole('dialog').or(page.getByRole('alertdialog')) });
/** Chooses in a `wa-select`. */
async function choose(label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
/** Axe finds nothing, and nothing is wider than the smallest screen. */
async function isSound(name: string): Promise<void> {
  expect(await axe(page), name).toEqual([]);
  await picture(page, name);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, `${name} at 320 px`).toBeLessThanOrEqual(320);
  await picture(page, `${name}-320`);
  if (size !== null) await page.setViewportSize(size);
}

describe('a training', () => {
  test('is made by the planner, for all schools, with a moment of two sessions and a trainer', async () => {
    await as(world.planner, '/academie/aanbod');
    await isSound('desk');
    await link('Nieuwe vorming').click();
    await field('Titel').fill('Begrijpend lezen');
    await field('Verhaal').fill('Je maakt een les die morgen klaar is.');
    await field('Didactische focus').fill('leesvaardigheid, evaluatie');
    await field('Duur in minuten').fill('180');
    await choose('Stand', 'Gepubliceerd');
    await isSound('training-edit');
    await button('Bewaar').click();
    await link('Begrijpend lezen').waitFor();
    await link(/^Plan een moment/).click();
    const dates = [30, 37].map(inDays);
    for (const [at, day] of dates.entries()) {
      if (at > 0) await button('Voeg een sessie toe').click();
      const session = page.getByRole('group', { name: `Sessie ${at + 1}` });
      await session.getByLabel('Dag').fill(day);
      await session.getByLabel('Lokaal of adres').fill('Vaartstraat 12, Gent');
    }
    await field('Aantal plaatsen').fill('1');
    await choose('Goedkeuring', 'De directeur');
    await choose('Een vrije plaats', 'wordt aangeboden tot een termijn');
    await checkbox('Lut Claes').click();
    await isSound('event-edit');
    await button('Bewaar').click();
    await page.getByRole('heading', { level: 1, name: 'Begrijpend lezen' }).waitFor();
    await page.getByText('Lesgever: Lut Claes').waitFor();
    await page.getByText('2 sessies').waitFor();
    eventId = new URL(page.url()).pathname.split('/')[3] as string;
  });

  test('is planned again as a series', async () => {
    await as(world.planner, `/academie/moment/${eventId}`);
    await button('Plan opnieuw').click();
    await dialog().getByLabel('Hoeveel keer').fill('3');
    await dialog().getByLabel('Om de hoeveel dagen').fill('14');
    await isSound('series');
    await button('Plan 3 momenten').click();
    await page.getByText('3 momenten gepland.').waitFor();
    const { events } = (await world.planner.get('/api/academy/desk/events')).body;
    expect(events.map(({ startsAt }: any) => startsAt.slice(0, 10))).toEqual([30, 44, 58, 72].map(inDays));
    const last = (await world.planner.get(`/api/academy/desk/events/${events[3].id}`)).body;
    expect(last.sessions.map(({ day, starts }: any) => `${day} ${starts}`)).toEqual(
      [72, 79].map((days) => `${inDays(days)} 14:00`),
    );
    for (const { id } of events.slice(1))
      await world.planner.post(`/api/academy/desk/events/${id}/cancellation`, { reason: 'Minder vraag' });
  });

  test('is published for a named school only, and copied', async () => {
    await as(world.planner, '/academie/aanbod/nieuw');
    await field('Titel').fill('Alleen voor Ter Linden');
    await choose('Wie ziet ze', 'Alleen deze scholen en scholengroepen');
    await choose('Stand', 'Gepubliceerd');
    await button('Bewaar').click();
    await page.getByText('Kies minstens één school of scholengroep.').waitFor();
    await page.getByRole('combobox', { name: 'Voeg een school of scholengroep toe' }).fill('linden');
    await page.getByRole('option', { name: 'Ter Linden' }).click();
    await button(/^Schrijf uit – Ter Linden/)
      .or(button(/Ter Linden/))
      .first()
      .waitFor();
    await button('Bewaar').click();
    await link('Alleen voor Ter Linden').waitFor();
    await button(/^Kopieer.*Ter Linden/).click();
    await page.getByLabel('Titel').waitFor();
    expect(await field('Titel').inputValue()).toBe('Kopie van Alleen voor Ter Linden');
    expect((await world.an.get('/api/academy/catalogue')).body.total).toBe(1);
    expect((await world.bart.get('/api/academy/catalogue')).body.total).toBe(2);
  });

  test('is found by words and facet, and asked for', async () => {
    await training(world, { title: 'Rekenen met breuken', foci: ['wiskunde'] });
    await as(world.an, '/academie');
    await page.getByRole('heading', { name: '2 vormingen' }).waitFor();
    await isSound('catalogue');
    await page.getByRole('checkbox', { name: /^leesvaardigheid/i }).check();
    await page.getByRole('heading', { name: '1 vorming' }).waitFor();
    await page.getByRole('searchbox', { name: 'Zoek een vorming' }).fill('lez');
    await page.waitForURL(/q=lez/);
    await link('Begrijpend lezen').click();
    await button('Vraag goedkeuring').click();
    await page.getByText('Je aanvraag wacht op je directeur.').waitFor();
    await isSound('training');
  });

  test('is found on a telephone, where the facets are in a dialog', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await as(world.an, '/academie');
    await page.getByRole('heading', { name: '2 vormingen' }).waitFor();
    expect(await page.getByRole('checkbox', { name: /^wiskunde/i }).isVisible()).toBe(false);
    await button('Filter').click();
    await dialog().getByText('Didactische focus').click();
    await dialog()
      .getByRole('checkbox', { name: /^wiskunde/i })
      .check();
    await button('Toon 1 vorming').click();
    await page.getByRole('heading', { name: '1 vorming' }).waitFor();
    await button('Filter (1 gekozen)').waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('is suggested with the reason, for a focus that the person chose', async () => {
    await as(world.an, '/academie');
    await button('Kies wat je interesseert').click();
    await checkbox('wiskunde').click();
    await isSound('interests');
    await button('Bewaar').click();
    await page.getByText('Je koos wiskunde').waitFor();
  });

  test('is approved for several at once by the principal; who comes later waits', async () => {
    await enrol(bo, eventId, world.wegwijzer);
    await as(world.principal, '/academie/team');
    await page.getByText('2 aanvragen wachten').waitFor();
    await isSound('team');
    await page.getByRole('checkbox', { name: 'An Maes: Begrijpend lezen' }).check();
    await page.getByRole('checkbox', { name: 'Bo Maes: Begrijpend lezen' }).check();
    await button('Keur 2 aanvragen goed').click();
    await page.getByText('Niets wacht op jou.').waitFor();
    expect((await statesOf(world, eventId)).map(({ state }) => state).sort()).toEqual(['booked', 'waitlisted']);
  });

  test('is left by one, whose seat is offered to the next, who takes it', async () => {
    await as(bo, '/academie/mijn');
    await page.getByText('Je bent nummer 1 in de rij.').waitFor();
    await as(world.an, '/academie/mijn');
    await link(/^Zet in je agenda/).waitFor();
    await isSound('mine');
    await button(/^Zeg af/).click();
    await dialog().getByRole('button', { name: 'Zeg af' }).click();
    await page.getByText('De inschrijving is geannuleerd.').waitFor();
    await as(bo, '/academie/mijn');
    await button('Neem de plaats').click();
    await page.getByText('De plaats is van jou.').waitFor();
    await as(world.planner, `/academie/moment/${eventId}`);
    await page.getByText('1 van 1 plaatsen').waitFor();
    await page.getByText('Bo Maes').first().waitFor();
    await isSound('event');
  });

  test('has its attendance noted on a tablet, by session and as a whole, with undo', async () => {
    await passDays(world, eventId, 40);
    await page.setViewportSize({ width: 820, height: 1180 });
    await as(world.trainer, `/academie/moment/${eventId}?toon=attendance`);
    await button(/^Sessie 1:/).click();
    await button('Er').click();
    await page.getByText('1 van 1 genoteerd').waitFor();
    await button(/^Sessie 2:/).click();
    await button('Er').click();
    await button('De hele vorming').click();
    await page.getByText('Volgens de sessies: Aanwezig').waitFor();
    await isSound('attendance');
    await button('Deels').click();
    await page.getByRole('button', { name: 'Deels', pressed: true }).waitFor();
    await button('Zet terug').click();
    await page.getByRole('button', { name: 'Deels', pressed: false }).waitFor();
    await button('Neem 1 voorstel over').click();
    await page.getByRole('button', { name: 'Aanwezig', pressed: true }).waitFor();
    expect((await page.getByRole('button', { name: 'Aanwezig', exact: true }).boundingBox())?.height).toBeGreaterThanOrEqual(48);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('is evaluated without a name', async () => {
    await as(bo, '/academie/mijn');
    await button(/^Wat vond je ervan/).click();
    for (const question of await dialog().getByRole('group').all()) await question.getByRole('radio', { name: '4' }).check();
    await isSound('evaluation');
    await button('Verstuur').click();
    await page.getByRole('button', { name: /^Wat vond je ervan/ }).waitFor({ state: 'hidden' });
    await as(world.planner, `/academie/moment/${eventId}?toon=evaluation`);
    await page
      .getByText(/1 antwoord/)
      .first()
      .waitFor();
  });

  test('ends with a certificate that anyone can check, and that is revoked for ever', async () => {
    await as(world.planner, `/academie/moment/${eventId}?toon=certificates`);
    await button('Reik attesten uit').click();
    await page.getByText('1 attest uitgereikt.').waitFor();
    await isSound('event-certificates');
    await as(bo, '/academie/attesten');
    await isSound('certificates');
    const address = await link(/^Toon aan anderen/).getAttribute('href');
    await as(undefined, address as string);
    await page.getByText('Dit attest is echt en geldig.').waitFor();
    await page.getByText('Bo Maes').waitFor();
    await link(/Data Integrity/).waitFor();
    await isSound('verify');
    await as(world.planner, `/academie/moment/${eventId}?toon=certificates`);
    await button(/^Trok|^Trek in/).click();
    await dialog().getByLabel('Waarom?').fill('Toch niet aanwezig.');
    await dialog().getByRole('button', { name: 'Trek in' }).click();
    await page.getByText(/ingetrokken op/).waitFor();
    await as(undefined, address as string);
    await page.getByText(/ingetrokken op/).waitFor();
    await page.getByText('Toch niet aanwezig.').waitFor();
  });
});

test('seats are reserved by the ICT coordinator now, and named later', async () => {
  const id = await training(world, { title: 'Privacy op school' });
  await event(world, id, { capacity: 5 });
  await as(world.coordinator, `/academie/vorming/${id}`);
  await button('Reserveer voor collega’s').click();
  await page.getByLabel('Aantal plaatsen').fill('2');
  await button('Reserveer 2 plaatsen').click();
  await page.getByText(/^2 plaatsen gereserveerd/).waitFor();
  await as(world.coordinator, '/academie/team');
  await page.getByRole('heading', { name: 'Gereserveerde plaatsen' }).waitFor();
  await page.getByRole('combobox', { name: 'Wie komt?' }).first().fill('Bo');
  await page.getByRole('option', { name: 'Bo Maes' }).click();
  await page.getByText('De plaats heeft een naam.').waitFor();
  expect((await bo.get('/api/academy/my-learning')).body.enrolments[0]).toMatchObject({
    title: 'Privacy op school',
    state: 'booked',
  });
});

test('an event that does not go through tells everybody why', async () => {
  const id = await training(world, { title: 'Afgelaste avond' });
  const cancelled = await event(world, id);
  await enrol(bo, cancelled, world.wegwijzer, { acceptClash: true });
  await as(world.planner, `/academie/moment/${cancelled}`);
  await button('Gelast het moment af').click();
  await dialog().getByLabel('Waarom?').fill('De lesgever is ziek.');
  await dialog().getByRole('button', { name: 'Gelast het moment af' }).click();
  await page.getByText('Gaat niet door').first().waitFor();
  await as(bo, '/academie/mijn');
  await page.getByText('Reden: De lesgever is ziek.').waitFor();
});

test('a calendar feed is opened and closed', async () => {
  await as(bo, '/academie/mijn');
  await button('Maak een adres').click();
  const address = await page.locator('.address').textContent();
  const feed = () => world.portal.client().get(new URL(address as string).pathname);
  expect((await feed()).status).toBe(200);
  await button('Sluit het adres').click();
  await page.getByText('Het adres werkt niet meer.').waitFor();
  expect((await feed()).status).toBe(404);
});

test('coaching goes from the request to the report, with hours that both sides confirm and sign', async () => {
  await as(world.an, '/academie/coaching');
  await button('Vraag coaching').click();
  await choose('Aanbieder', 'De Kaai');
  await field('Wat wil je bereiken?').fill('Leersporen in klas 3A');
  await field('Gewenste uren').fill('4');
  await isSound('coaching-ask');
  await button('Verstuur de vraag').click();
  await page.getByRole('heading', { level: 1, name: 'Leersporen in klas 3A' }).waitFor();
  const path = new URL(page.url()).pathname;
  await as(world.principal, path);
  await button('Keur goed').click();
  await page.getByText('Zoekt een coach').waitFor();
  await as(world.planner, path);
  await field('Afgesproken uren').fill('3');
  await button('Stel de coach voor').click();
  await page.getByText('Wacht op de coach').waitFor();
  await as(coach, path);
  await button('Neem aan').click();
  await field('Dag').fill(inDays(-1));
  await field('Minuten').fill('120');
  await field('Voor beide kanten').fill('Lesbezoek');
  await field('Alleen voor jou').fill('Begint voorzichtig.');
  await isSound('coaching');
  await button('Noteer').click();
  await page.getByText('De school moet nog bevestigen').waitFor();
  await page
    .getByText('2 u van 3 u gebruikt')
    .or(page.getByText(/gebruikt$/))
    .first()
    .waitFor();
  await page.getByText('Andere uren afspreken').click();
  await field('Uren in totaal').fill('5');
  await button('Stel voor').click();
  await page.getByText(/De andere kant moet nog tekenen/).waitFor();
  await as(world.an, path);
  expect(await page.getByText('Begint voorzichtig.').count()).toBe(0);
  await button('Bevestig').click();
  await page.getByText('Bevestigd door school en coach').waitFor();
  await button('Teken').click();
  await page.getByText(/van 5 u/).waitFor();
  const second = await world.of(world.kaai, 'coach', 'Farid');
  await as(world.planner, path);
  await page.getByText('Een vervanger aanduiden').click();
  await choose('Vervanger', 'Farid Claes');
  await button('Duid aan').click();
  await page.getByText('Vervanger: Farid Claes').waitFor();
  await as(second, path);
  expect(await page.getByText('Lesbezoek').count()).toBe(0);
  await as(coach, path);
  await field('Wat bracht de coaching?').fill('De klas werkt in drie groepen.');
  await button('Dien het verslag in').click();
  await page.getByRole('heading', { name: 'Verslag' }).waitFor();
  await as(world.an, path);
  await page.getByText('De klas werkt in drie groepen.').waitFor();
  await button('Rond af').click();
  await page.getByText('Afgerond').first().waitFor();
  await as(world.planner, '/academie/coachings');
  await link('Download de uren').waitFor();
  await isSound('coachings');
});

test('the start page has what is next for each: own sessions for a teacher, approvals for the principal, sessions and requests for the provider', async () => {
  const id = await training(world, { title: 'Morgen al' });
  const soon = await event(world, id, { approval: 'provider', capacity: 4 }, 2);
  await enrol(world.an, soon, world.wegwijzer);
  await as(world.principal, '/');
  await link(/Morgen al/).waitFor();
  const [{ id: asked }] = (await world.principal.get('/api/academy/team/approvals')).body.waiting;
  await world.principal.post('/api/academy/team/approvals', { ids: [asked], approves: true });
  await as(bo, '/');
  await page.getByRole('heading', { name: 'Mijn vorming' }).waitFor();
  await link(/^Privacy op school/).waitFor();
  await as(world.planner, '/');
  await page.getByRole('heading', { name: 'Jullie vormingen' }).waitFor();
  await link(/1 inschrijving wacht op jou/).waitFor();
  await isSound('start');
  await link(/^Morgen al/).click();
  await page.getByRole('heading', { level: 1, name: 'Morgen al' }).waitFor();
});
