import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, launch, picture } from '../../../ui/test/browser.js';
import { type FramedTool, startFramedTool } from './support/framed-tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
let tool: FramedTool;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  world = await createWorld();
  tool = await startFramedTool(world.platform.url, 'client-of-framed');
  await world.addTool('framed', {
    loginUrl: `${tool.url}/login`,
    redirectUris: [`${tool.url}/launch`],
    presentation: 'frame',
  });
  browser = await launch();
  context = await browser.newContext({ locale: 'nl-BE', viewport: { width: 1280, height: 800 } });
  await context.addCookies([{ name: 'ilearn', value: world.pupil.client.cookie('ilearn') ?? '', url: world.platform.url }]);
});
afterAll(async () => {
  await browser?.close();
  await tool?.stop();
  await world?.stop();
});

/** Opens a launch; `/api/lti/jwks` stands for the page that the person comes back to, since this portal has no pages. */
async function open(changes: object = {}): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const request = world.request({
    registration: 'framed',
    resourceLinkId: `framed-${JSON.stringify(changes).length}`,
    targetLinkUri: `${tool.url}/launch`,
    returnPath: '/api/lti/jwks',
    ...changes,
  });
  await page.goto(await world.launch(world.pupil.client, request));
  return page;
}

describe('a tool in a frame', () => {
  test('opens without cookies: an independent client keeps its state with the page, and closing leads back', async () => {
    const page = await open();
    const frame = page.frameLocator('iframe');
    await frame.getByText('aangemeld', { exact: true }).waitFor();
    await frame.getByText('toestand bewaard').waitFor();
    expect(await frame.locator('#messages').textContent()).toBe(
      'lti.capabilities lti.put_data lti.get_data lti.close org.imsglobal.lti.close',
    );
    await page.getByRole('heading', { level: 1, name: 'Tool framed' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'frame');
    await frame.getByRole('button', { name: 'Klaar' }).click();
    await page.waitForURL(`${world.platform.url}/api/lti/jwks`);
    await page.close();
  });

  test('answers storage messages with their errors, and pages that are not the tool’s not at all', async () => {
    const page = await open();
    const frame = page.frameLocator('iframe');
    await frame.getByText('toestand bewaard').waitFor();
    const inside = page.frames().find((each) => each.url().startsWith(tool.url));
    const ask = (message: object) =>
      inside?.evaluate(
        (sent) =>
          new Promise((resolve) => {
            addEventListener('message', ({ data }) => data.message_id === (sent as any).message_id && resolve(data));
            setTimeout(() => resolve('silent'), 500);
            parent.postMessage(sent, '*');
          }),
        message,
      );
    const put = (message_id: string, key: unknown, value: unknown) => ask({ subject: 'lti.put_data', message_id, key, value });
    expect(await put('1', 'a', 'b')).toEqual({ subject: 'lti.put_data.response', message_id: '1', key: 'a', value: 'b' });
    expect(await ask({ subject: 'lti.get_data', message_id: '2', key: 'a' })).toMatchObject({ value: 'b' });
    expect(await ask({ subject: 'lti.get_data', message_id: '3', key: 'none' })).toMatchObject({ value: null });
    expect(await put('4', 'a', null)).toMatchObject({ value: null });
    expect(await put('5', '', 'b')).toMatchObject({ error: { code: 'bad_request' } });
    expect(await put('6', 'a', 'x'.repeat(9000))).toMatchObject({ error: { code: 'bad_request' } });
    expect(await put('7', 7, 'x')).toMatchObject({ error: { code: 'bad_request' } });
    const many = await inside?.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('message', ({ data }) => data.error && resolve(data.error.code));
          for (let n = 0; n < 600; n += 1)
            parent.postMessage({ subject: 'lti.put_data', message_id: `n${n}`, key: `k${n}`, value: 'x' }, '*');
        }),
    );
    expect(many).toBe('storage_exhaustion');
    expect(await ask({ subject: 'lti.unknown', message_id: '8' })).toBe('silent');
    // The page itself is no tool: it is answered nothing that the tool stored.
    const own = await page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('message', ({ data }) => data.subject?.endsWith('.response') && resolve(data));
          setTimeout(() => resolve('silent'), 500);
          window.postMessage({ subject: 'lti.get_data', message_id: '9', key: 'k1' }, '*');
        }),
    );
    expect(own).toBe('silent');
    await page.close();
  });

  test('that does not answer is offered in a new tab, which launches again', async () => {
    tool.answers = false;
    const page = await open();
    await page.frameLocator('iframe').getByText('Ik doe niets.').waitFor();
    await page.getByText('Tool framed gaat hier niet open. Probeer het in een nieuw tabblad.').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'frame-failed');
    tool.answers = true;
    const [tab] = await Promise.all([context.waitForEvent('page'), page.locator('.help a').click()]);
    await tab.getByText('aangemeld', { exact: true }).waitFor();
    expect(tab.url()).toBe(`${tool.url}/launch`);
    // Also when the launch was used.
    const [again] = await Promise.all([context.waitForEvent('page'), page.locator('header a').first().click()]);
    await again.getByText('aangemeld', { exact: true }).waitFor();
    for (const each of [page, tab, again]) await each.close();
  });

  test('comes back in the whole window', async () => {
    const page = await open();
    await page.frameLocator('iframe').getByText('aangemeld', { exact: true }).waitFor();
    const [{ id }] = await world.platform.work('lti', ({ knex }) => knex('launches').orderBy('created_at', 'desc').limit(1));
    const inside = page.frames().find((each) => each.url().startsWith(tool.url));
    await inside?.evaluate((url) => location.assign(url), `${world.platform.url}/api/lti/launches/${id}/return`);
    await page.waitForURL(`${world.platform.url}/api/lti/jwks`);
    await page.close();
  });
});

test.each(['tab', 'window'] as const)('a tool in a %s opens from a page that stays', async (presentation) => {
  const page = await open({ presentation });
  expect(await page.locator('iframe').count()).toBe(0);
  expect(await axe(page)).toEqual([]);
  await picture(page, presentation);
  const button = page.getByRole('link', { name: 'Open Tool framed' });
  const [opened] = await Promise.all([context.waitForEvent('page'), button.click()]);
  await opened.getByText('aangemeld', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Terug naar i-Learn' }).waitFor();
  for (const each of [page, opened]) await each.close();
});

test('on a telephone the page fits', async () => {
  const page = await open();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.frameLocator('iframe').getByText('toestand bewaard').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await picture(page, 'frame-telephone');
  await page.close();
});
