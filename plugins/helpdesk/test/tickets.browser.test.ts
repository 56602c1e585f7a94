import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage } from '../../../ui/test/browser.js';
import { failedLaunch } from './support/failed-launch.js';
import { ask, helpdeskPortal, type Person, type World, write } from './support/tickets.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await helpdeskPortal(uiFolder);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

async function visit(
  person: Person | null,
  path: string,
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
) {
  const { url } = world.portal;
  const page = await openPage(browser, url, options);
  try {
    if (person !== null) await page.context().addCookies([{ name: 'ilearn', value: person.cookie('ilearn') ?? '', url }]);
    await page.goto(url + path);
    await run(page);
  } finally {
    await page.context().clearCookies();
    await closePage(page);
  }
}

/** What axe finds in our own pages; the shell around them answers for itself. */
const faults = async (page: Page) => (await axe(page)).filter((line) => /helpdesk-/.test(line.split(': ')[0] ?? ''));
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

test('from a failed launch a pupil reports it in two clicks, the teacher passes it on, helpers answer, and it is solved', async () => {
  const { noor, an, sofie, agent } = world;
  const failed = await failedLaunch(world, noor);
  let place = '';
  await visit(noor, failed.address, async (page) => {
    await page.getByRole('link', { name: 'Meld dit aan de helpdesk' }).click();
    await page.getByText(/Stuur mee wat er om .* misging bij Breukenoefening/).waitFor();
    await page.getByText('Bekijk wat we sturen').click();
    await page.getByText('launch-expired').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Verstuur de vraag' }).click();
    await page.getByText('Ze gaat eerst naar je leraar.').waitFor();
    place = (await page.getByRole('link', { name: 'Bekijk de vraag' }).getAttribute('href')) ?? '';
  });
  await visit(an, '/helpdesk', async (page) => {
    await page.getByText('Jij bent aan zet').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('link', { name: /Een oefening ging niet open/ }).click();
    await page.getByRole('button', { name: 'Geef door aan de helpdesk' }).click();
    await page.getByRole('button', { name: 'Geef door aan de helpdesk' }).waitFor({ state: 'detached' });
  });
  await visit(sofie, '/helpdesk/wachtrij', async (page) => {
    await page.getByRole('link', { name: 'Een oefening ging niet open' }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('region', { name: 'Voorbeeld' }).getByText('De oefening ging niet open.').waitFor();
    expect(await faults(page)).toEqual([]);
    // The keys of the page wait behind a dialog, and for whoever has switched them off.
    await page.evaluate(() => {
      const dialog = Object.assign(document.createElement('il-dialog'), { heading: 'Sneltoetsen', open: true });
      dialog.addEventListener('il-close', () => setTimeout(() => dialog.remove()));
      document.body.append(dialog);
    });
    const keys = page.getByRole('dialog', { name: 'Sneltoetsen' });
    await keys.waitFor();
    for (const key of ['x', 'o']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    await page.evaluate((person) => localStorage.setItem(`ilearn.own.${person}.shortcuts-by-key`, 'off'), sofie.personId);
    for (const key of ['x', 'o']) await page.keyboard.press(key);
    expect(await page.getByText('vraag gekozen').count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe('/helpdesk/wachtrij');
    await page.evaluate((person) => localStorage.removeItem(`ilearn.own.${person}.shortcuts-by-key`), sofie.personId);
    await page.keyboard.press('o');
    await page.getByText('Wat er misging bij Breukenoefening').waitFor();
    await page.getByLabel('Je bericht').fill('Probeer het nu nog eens.');
    expect(await faults(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    // The teacher writes meanwhile: sending waits until that is read.
    const id = place.split('/').at(-1) as string;
    await write(an, id, 'Bij mij ook.');
    await page.getByText('Er kwam een bericht bij terwijl je schreef.').waitFor();
    expect(await page.getByRole('button', { name: 'Verstuur', exact: true }).isDisabled()).toBe(true);
    await page.getByText('Bij mij ook.').waitFor();
    await page.getByRole('button', { name: 'Ik heb het gelezen' }).click();
    await page.getByRole('button', { name: 'Verstuur', exact: true }).click();
    await page.getByText('Verstuurd.').waitFor();
    await agent.put(`/api/helpdesk/tickets/${id}/presence`, { writing: true });
    await page.getByText('Greet Helper schrijft een antwoord.').waitFor();
    await page.getByRole('button', { name: 'Zet op opgelost' }).click();
    await page.getByText('opgelost?').first().waitFor();
    await page.getByRole('button', { name: 'Vraag het aan een aanbieder' }).click();
    await page.getByText('Alleen dit gaat naar de aanbieder.').waitFor();
    expect(await faults(page)).toEqual([]);
  });
  await visit(noor, place, async (page) => {
    await page.getByText('Is het opgelost?').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Ja, het is opgelost' }).click();
    await page.getByText('afgesloten').waitFor();
  });
});

test('a visitor asks without signing in, a helper uses a macro on several tickets, and nothing written runs', async () => {
  const { an, agent } = world;
  const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  await visit(null, '/helpdesk/contact', async (page) => {
    await page.getByLabel('Naam').fill(hostile.slice(0, 90));
    await page.getByLabel('E-mailadres').fill('ria@school.example');
    await page.getByLabel('Waarover gaat het?').fill(`Vraag ${hostile}`);
    await page.getByLabel('Wat lukt er niet?').fill(hostile);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Verstuur de vraag' }).click();
    await page.getByText(/Je vraag is verstuurd/).waitFor();
  });
  const { id } = await ask(an, { subject: hostile, text: hostile }, [new File(['x'], '"><img src=x onerror=alert(1)>.txt')]);
  await agent.patch(`/api/helpdesk/tickets/${id}`, { line: 'portal', labels: [hostile.slice(0, 30)] });
  await agent.post('/api/helpdesk/macros', { title: 'Ververs', text: 'Druk op F5.', action: 'solve' });
  await visit(agent, '/helpdesk/wachtrij', async (page) => {
    await page.getByText('<img src=x').first().waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 vragen gekozen').waitFor();
    await page.getByRole('combobox', { name: 'Vast antwoord' }).click();
    await page.getByRole('option', { name: 'Ververs' }).click();
    await page.getByText('Druk op F5.').waitFor();
    await page.getByRole('button', { name: 'Pas dit toe' }).click();
    await page.getByText('Gedaan bij 2 vragen.').waitFor();
    await page.getByText('Niets te doen').waitFor();
    await page.goto(`${world.portal.url}/helpdesk/ticket/${id}`);
    await page.getByText('Druk op F5.').first().waitFor();
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  });
  await visit(agent, '/helpdesk/afspraken', async (page) => {
    const monday = page.getByLabel('maandag').first();
    await monday.fill('van 9 tot 5');
    await page.getByRole('button', { name: 'Bewaar de tijden' }).first().click();
    await page.getByText('De uren van maandag kunnen we niet lezen.').waitFor();
    await monday.fill('9:00-12:00, 13:00-17:00');
    await page.getByRole('button', { name: 'Bewaar de tijden' }).first().click();
    await page.getByText('Bewaard. De nieuwe tijden gelden vanaf nu.').waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
