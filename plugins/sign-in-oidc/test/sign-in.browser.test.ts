import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { type SignInPortal, startSignIn } from './support/portal.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let portal: SignInPortal;
let browser: Browser;

beforeAll(async () => {
  portal = await startSignIn({ uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

test('a teacher chooses the school once, comes back from a form of another site, and looks after the accounts', async () => {
  const wissel = await school(portal, { name: 'De Wissel', instellingsnummer: '023456' });
  const an = await teacher(portal, await schoolClass(portal, wissel), { givenName: 'An', familyName: 'Maes' });
  await portal.grant(
    an.id,
    ['teacher', 'ict-coordinator'].map((role) => ({ tenant: wissel.id, role })),
  );
  await portal.work('sign-in-oidc', async ({ schoolProviders, rosterKeys }) => {
    await schoolProviders.set(wissel.id, 'leerid', { realm: '', byRoster: true });
    await schoolProviders.set(wissel.id, 'google', { realm: 'wissel.example', byRoster: false });
    await rosterKeys.replace(wissel.id, 'leerid', [{ person: an.id, key: 'an' }]);
  });
  portal.providers.leerid.claims = { sub: 'an', name: 'An Maes', vo_orgcode: '23456' };
  portal.providers.google.claims = { sub: 'noor', name: 'Noor El Amrani', hd: 'wissel.example' };

  const page = await openPage(browser, portal.url);
  page.setDefaultTimeout(20_000);
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const looks = async (name: string) => {
    expect(await axe(page), name).toEqual([]);
    await picture(page, `sign-in-${name}`);
  };
  await page.goto(`${portal.url}/aanmelden?wie=medewerker&terug=/account`);
  await page.getByLabel('Van welke school ben je?').fill('wissel');
  await page.getByLabel('Onthoud mijn school').check();
  await page.getByRole('button', { name: 'Zoek' }).click();
  await page.getByRole('button', { name: 'De Wissel' }).waitFor();
  await looks('school');
  await page.getByRole('button', { name: 'De Wissel' }).click();
  await page.getByRole('link', { name: 'Aanmelden met LeerID' }).click();
  await page.waitForURL(`${portal.url}/account`);
  await page.getByText('herkend door je school').waitFor();
  const cookies = await page.context().cookies(portal.url);
  expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite])).toEqual(
    expect.arrayContaining([
      ['ilearn', true, 'Lax'],
      ['ilearn-flow', true, 'Lax'],
    ]),
  );
  await looks('account');

  // Somebody of the school whom nobody knows yet, on the same device: the school is remembered.
  await page.context().clearCookies();
  await page.goto(`${portal.url}/aanmelden?wie=medewerker`);
  await page.getByRole('link', { name: 'Aanmelden met Google' }).click();
  await heading('Vraag je school om hulp');
  await page.getByText('Je account staat klaar bij je school').waitFor();
  await looks('ask');

  await page.goto(`${portal.url}/api/sign-in-oidc/leerid/start?terug=/aanmeldwijzen`);
  await heading('Aanmelden van de school');
  await page.getByText('Noor El Amrani', { exact: true }).waitFor();
  await looks('settings');
  await page.setViewportSize({ width: 390, height: 844 });
  await looks('settings-390');
  const strangers = page.faults.filter(
    (fault) => !fault.startsWith('request to http://localhost') && !fault.startsWith('request to http://127.0.0.1'),
  );
  expect(strangers).toEqual([]);
  await closePage(page);
});
