import connector from '@ilearn/plugin-connector-practice';
import library from '@ilearn/plugin-library';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axe, launch } from '../../../ui/test/browser.js';
import { createWorld, type World, withoutPages } from '../../lti/test/support/world.js';
import { freePort } from './support/free-port.js';

let world: World;
let toolUrl: string;
let browser: Browser;
let context: BrowserContext;
let requested: string[];

beforeAll(async () => {
  toolUrl = `http://127.0.0.1:${await freePort()}`;
  [world, browser] = await Promise.all([
    createWorld({
      port: await freePort(),
      plugins: [withoutPages(library), connector],
      configs: { 'connector-practice': { toolUrl, spawn: true } },
    }),
    launch(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
afterEach(async () => {
  const strangers = requested.filter((url) => ![world.platform.url, toolUrl].includes(new URL(url).origin));
  await context.close();
  expect(strangers).toEqual([]);
});

/** A browser in which the pupil is signed in at the portal. */
async function openBrowser(options: BrowserContextOptions = {}): Promise<Page> {
  context = await browser.newContext({ locale: 'nl-BE', ...options });
  const session = world.pupil.client.cookie('ilearn') as string;
  await context.addCookies([{ name: 'ilearn', value: session, url: world.platform.url, httpOnly: true, sameSite: 'Lax' }]);
  requested = [];
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requested.push(request.url());
  });
  return page;
}

const launchOf = (exercise: string) =>
  world.launch(
    world.pupil.client,
    world.request({
      registration: 'practice',
      targetLinkUri: `${toolUrl}/launch`,
      resourceLinkId: `step-${exercise}`,
      custom: { exercise },
    }),
  );

/** The sum on the page, worked out from what a child sees. */
async function solve(page: Page): Promise<string> {
  const numbers = (await page.locator('.parts b').allTextContents()).map(Number);
  return String(Number(await page.locator('.whole').textContent()) - (numbers[0] as number));
}

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

describe('in a browser, a child', () => {
  it('gets from the launch to the result by keyboard alone, without any click', async () => {
    const page = await openBrowser();
    await page.goto(await launchOf('splits-10'));
    await page.getByRole('heading', { level: 1, name: 'Splitsen tot 10' }).waitFor();
    for (let number = 1; number <= 10; number += 1) {
      // The field has the focus: type and press Enter, read the verdict, press Enter.
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('answer');
      await page.keyboard.type(await solve(page));
      await page.keyboard.press('Enter');
      await page.locator('.feedback.right').waitFor();
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.textContent))
        .toBe(number === 10 ? 'Bekijk mijn resultaat' : 'Volgende');
      await page.keyboard.press('Enter');
      await page.locator(number === 10 ? '.review' : '#answer').waitFor();
    }
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Je had 10 van de 10 juist');
    expect(await page.getByRole('status').textContent()).toBe('Je score is doorgestuurd naar je leraar.');
    expect((await world.received()).at(-1)).toMatchObject({ resourceLinkId: 'step-splits-10', scoreGiven: 10 });
    await page.getByRole('link', { name: 'Terug naar mijn spoor' }).click();
    await page.waitForURL(`${world.platform.url}/mijn-paden/1`);
  });

  it('opens it inside a page of the portal, without cookies of either site', async () => {
    const page = await openBrowser();
    await page.goto(`${world.platform.url}/api/caller/frame?src=${encodeURIComponent(await launchOf('tables'))}`);
    await page.frameLocator('iframe').getByRole('heading', { level: 1, name: 'Alle tafels door elkaar' }).waitFor();
    await page.frameLocator('iframe').locator('#answer').fill('1');
    await page.frameLocator('iframe').getByRole('button', { name: 'Kijk na' }).click();
    await page.frameLocator('iframe').locator('.verdict').waitFor();
  });

  it('ux smaller: sees the own answer beside the right one, and has a way out while exercising', async () => {
    const page = await openBrowser();
    await page.goto(await launchOf('splits-10'));
    await page.locator('#answer').fill('99');
    await page.keyboard.press('Enter');
    await page.locator('.feedback.wrong').getByText('Jij schreef 99').waitFor();
    await page.getByRole('link', { name: 'Stop en ga terug naar mijn spoor' }).click();
    await page.waitForURL(`${world.platform.url}/mijn-paden/1`);
  });

  it('gets there too if the login initiation is posted, and answered with a redirect to the portal', async () => {
    const prefer = (method: string) =>
      world.platform.work('lti', ({ knex }) => knex('registrations').where({ key: 'practice' }).update({ login_method: method }));
    await prefer('POST');
    const page = await openBrowser();
    await page.goto(await launchOf('tables'));
    await page.getByRole('heading', { level: 1, name: 'Alle tafels door elkaar' }).waitFor();
    await prefer('GET');
  });

  it('without scripts gets there with one button', async () => {
    const page = await openBrowser({ javaScriptEnabled: false });
    await page.goto(await launchOf('tables'));
    await page.getByRole('button', { name: 'Open Oefenhoek' }).click();
    await page.getByRole('heading', { level: 1, name: 'Alle tafels door elkaar' }).waitFor();
  });

  it.each(sizes)('sees pages in which axe finds nothing, at $width by $height', async (viewport) => {
    const page = await openBrowser({ viewport });
    const clean = async () => {
      expect(await axe(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBe(0);
    };
    await page.goto(await launchOf('splits-10'));
    await page.locator('#answer').waitFor();
    await clean();
    await page.getByRole('button', { name: 'Kijk na' }).click();
    await page.getByRole('alert').waitFor();
    await clean();
    for (let number = 1; number <= 10; number += 1) {
      await page.locator('#answer').fill(number === 1 ? '99' : await solve(page));
      await page.keyboard.press('Enter');
      await page.locator('.feedback').waitFor();
      if (number <= 2) await clean();
      await page.keyboard.press('Enter');
      await page.locator(number === 10 ? '.review' : '#answer').waitFor();
    }
    await clean();

    await page.goto(await launchOf('reading-hedgehog'));
    await page.getByRole('radio').first().waitFor();
    await clean();
    await page.goto(`${toolUrl}/exercise?s=gone`);
    await clean();
  });

  it('who returns to a used link gets a clear explanation', async () => {
    const page = await openBrowser();
    const address = await launchOf('tables');
    await page.goto(address);
    await page.locator('#answer').waitFor();
    await page.goto(address);
    await page.getByText('Deze link is al gebruikt').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.getByRole('link', { name: 'Terug naar i-Learn' }).getAttribute('href')).toBe(
      `${world.platform.url}/mijn-paden/1`,
    );
  });
});
