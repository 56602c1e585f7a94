import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { academyPortal, enrol, event, inDays, type Person, passDays, training, type World } from './support/academy.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const telephone = { viewport: { width: 320, height: 700 } };

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await academyPortal(uiFolder);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

const visit = (who: Person, path: string, run: (page: WatchedPage) => Promise<void>, options = {}) =>
  visitAs(browser, { url: world.portal.url, path, cookie: who.cookie('ilearn') }, run, options);
const fits = async (page: WatchedPage, name: string) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
  expect(await axe(page), name).toEqual([]);
  await picture(page, `academy-${name}`);
};
const button = (page: WatchedPage, name: string | RegExp) => page.getByRole('button', { name });

test('a planner makes a training and plans an event; a teacher finds it, asks, is approved, attends and shows a certificate', async () => {
  await visit(world.planner, '/academie/aanbod/nieuw', async (page) => {
    await page.getByLabel('Titel').fill('Begrijpend lezen in alle vakken');
    await page.getByLabel('Wat mensen leren').fill('Lessen opbouwen voor, tijdens en na het lezen.');
    await page.getByLabel('Didactische focus').fill('leesvaardigheid, instructie');
    await page.getByLabel('Didactische focus').blur();
    await page.getByRole('combobox', { name: 'Stand' }).click();
    await page.getByRole('option', { name: 'Gepubliceerd' }).click();
    await fits(page, 'edit');
    await button(page, 'Bewaar').click();
    await page.getByRole('link', { name: 'Begrijpend lezen in alle vakken' }).waitFor();
    await page.getByRole('link', { name: /Plan een moment/ }).click();
    await page.getByLabel('Dag', { exact: true }).fill(inDays(30));
    await page.getByLabel('Aantal plaatsen').fill('1');
    await page.getByRole('combobox', { name: 'Goedkeuring' }).click();
    await page.getByRole('option', { name: 'De directeur' }).click();
    await fits(page, 'event-edit');
    await button(page, 'Bewaar').click();
    await page.getByText('Nog niemand ingeschreven').waitFor();
    await fits(page, 'event-empty');
  });

  let eventId = '';
  await visit(world.an, '/academie', async (page) => {
    await page.getByRole('searchbox', { name: 'Zoek een vorming' }).fill('begrijpende lessen');
    await page.getByRole('heading', { name: '1 vorming' }).waitFor();
    await fits(page, 'catalogue');
    await page.getByRole('link', { name: 'Begrijpend lezen in alle vakken' }).click();
    await page.getByText('Je directeur keurt de inschrijving goed.').waitFor();
    await fits(page, 'training');
    await button(page, 'Vraag goedkeuring').click();
    await page.getByText('Je aanvraag wacht op je directeur.').waitFor();
    await page.getByRole('link', { name: 'Bekijk je inschrijving' }).click();
    await page.getByText('Je directeur moet nog goedkeuren.').waitFor();
    eventId = new URL(page.url()).pathname.split('/').at(-1) as string;
    await fits(page, 'mine');
  });

  await visit(world.principal, '/academie/team', async (page) => {
    await page.getByRole('checkbox', { name: /Begrijpend lezen in alle vakken/ }).check();
    await fits(page, 'team');
    await button(page, 'Keur 1 aanvraag goed').click();
    await page.getByText('Niets wacht op jou.').waitFor();
  });

  await enrol(world.bart, eventId, world.linde);
  await world.otherPrincipal.post('/api/academy/team/approvals', {
    ids: (await world.otherPrincipal.get('/api/academy/team/approvals')).body.waiting.map(({ id }: { id: string }) => id),
    approves: true,
  });
  await visit(world.bart, `/academie/mijn/${eventId}`, async (page) => {
    await page.getByText('Je bent nummer 1 in de rij.', { exact: false }).waitFor();
    await fits(page, 'waiting');
  });

  await passDays(world, eventId, 31);
  await visit(world.trainer, `/academie/moment/${eventId}?toon=attendance`, async (page) => {
    const present = button(page, 'Aanwezig');
    await present.click();
    await expect.poll(() => present.getAttribute('aria-pressed')).toBe('true');
    await fits(page, 'attendance');
    await button(page, 'Zet terug').or(button(page, 'Undo')).first().click();
    await expect.poll(() => present.getAttribute('aria-pressed')).toBe('false');
    await present.click();
    await expect.poll(() => present.getAttribute('aria-pressed')).toBe('true');
  });
  await visit(world.planner, `/academie/moment/${eventId}?toon=certificates`, async (page) => {
    await button(page, 'Reik attesten uit').click();
    await page.getByText('1 attest uitgereikt.').waitFor();
    await fits(page, 'event-certificates');
  });
  let address = '';
  await visit(world.an, '/academie/attesten', async (page) => {
    await fits(page, 'certificates');
    await page.getByRole('link', { name: /Toon aan anderen/ }).click();
    await page.getByText('Dit attest is echt en geldig.').waitFor();
    await fits(page, 'verify');
    address = new URL(page.url()).pathname;
  });
  const { body } = await world.planner.get(`/api/academy/desk/events/${eventId}/certificates`);
  await world.planner.post(`/api/academy/desk/certificates/${body.certificates[0].id}/revocation`, {
    reason: 'Verkeerde persoon',
  });
  const context = await browser.newContext({ locale: 'nl-BE', ...telephone });
  const page = await context.newPage();
  await page.goto(world.portal.url + address);
  await page.getByText(/ingetrokken op/).waitFor();
  await page.getByText('Reden: Verkeerde persoon').waitFor();
  await context.close();
});

test('a coaching goes from the request to hours that both sides confirm', async () => {
  await training(world);
  const coach = await world.of(world.kaai, 'coach');
  let path = '';
  await visit(world.an, '/academie/coaching', async (page) => {
    await button(page, 'Vraag coaching').click();
    await page.getByRole('combobox', { name: 'Aanbieder' }).click();
    await page.getByRole('option', { name: 'De Kaai' }).click();
    await page.getByLabel('Wat wil je bereiken?').fill('Leersporen gebruiken in de klas');
    await fits(page, 'coaching-ask');
    await button(page, 'Verstuur de vraag').click();
    await page.getByText('Wacht op de directeur').waitFor();
    path = new URL(page.url()).pathname;
  });
  await visit(world.principal, path, async (page) => {
    await button(page, 'Keur goed').click();
    await page.getByText('Zoekt een coach').waitFor();
  });
  await visit(world.planner, path, async (page) => {
    await button(page, 'Stel de coach voor').click();
    await page.getByText('Wacht op de coach').waitFor();
  });
  await visit(coach, path, async (page) => {
    await button(page, 'Neem aan').click();
    await page.getByLabel('Dag').fill('2026-11-10');
    await page.getByLabel('Voor beide kanten').fill('Les bijgewoond');
    await page.getByLabel('Alleen voor jou').fill('Rustig aan');
    await button(page, 'Noteer').click();
    await page.getByText('De school moet nog bevestigen').waitFor();
    await fits(page, 'coaching');
  });
  await visit(
    world.an,
    path,
    async (page) => {
      await page.getByText('Les bijgewoond').waitFor();
      expect(await page.getByText('Rustig aan').count()).toBe(0);
      await button(page, 'Bevestig').click();
      await page.getByText('Bevestigd door school en coach').waitFor();
      await fits(page, 'coaching-320');
    },
    telephone,
  );
});

test('at 320 pixels the pages of the academy fit, and axe finds nothing', async () => {
  await event(world, await training(world));
  for (const [who, path, heading] of [
    [world.an, '/academie', 'Vormingen'],
    [world.principal, '/academie/team', 'Team'],
    [world.planner, '/academie/aanbod?toon=trainings', 'Mijn aanbod'],
    [world.planner, '/academie/aanbod', 'Mijn aanbod'],
  ] as const) {
    await visit(
      who,
      path,
      async (page) => {
        await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        await fits(page, `320-${path.replaceAll('/', '_')}`);
      },
      telephone,
    );
  }
});
