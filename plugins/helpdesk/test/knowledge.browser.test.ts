import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { definePlugin } from '@ilearn/core';
import type {} from '@ilearn/plugin-library';
import myway from '@ilearn/plugin-myway';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture, type WatchedPage } from '../../../ui/test/browser.js';
import { hostileTexts } from './support/hostile-texts.js';
import { article, type KnowledgeWorld, knowledgePortal, type Reader, tool } from './support/knowledge.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

/** A tool with one activity. */
const breuken = definePlugin({
  id: 'breuken',
  version: '1.0.0',
  requires: { library: '^0.1.0' },
  contributes: {
    'library.tools': [
      {
        ...{ key: 'breuken', name: 'Breukenbaas', provider: 'Oefenhoek' },
        activities: [{ key: 'pizza', title: 'Pizza verdelen', kind: 'link', url: 'https://breuken.example/pizza' }],
      },
    ],
  },
});

let world: KnowledgeWorld;
let browser: Browser;
beforeAll(async () => {
  world = await knowledgePortal(uiFolder, [myway, breuken]);
  await tool(world.portal, 'breuken', 'Breukenbaas');
  await world.portal.work('helpdesk', ({ toolBoard }) => toolBoard.measure());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

async function visit(
  who: Reader | null,
  path: string,
  run: (page: WatchedPage) => Promise<void>,
  options: BrowserContextOptions = {},
) {
  const { url } = world.portal;
  const page = await openPage(browser, url, options);
  page.setDefaultTimeout(20_000);
  try {
    await page.context().clearCookies();
    if (who !== null) await page.context().addCookies([{ name: 'ilearn', value: who.cookie('ilearn') ?? '', url }]);
    await page.goto(url + path);
    await run(page);
    expect(page.faults).toEqual([]);
  } finally {
    await page.context().clearCookies();
    await closePage(page);
  }
}

const fits = async (page: Page, name: string) => {
  await picture(page, name);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
  expect(
    (await axe(page)).filter((line) => !/il-shell|il-bar/.test(line)),
    name,
  ).toEqual([]);
};
const ran = (page: Page) => page.evaluate(() => 'ran' in window);

test('an article is written, reviewed, made public after a question, read without script or signing in, and found helpful', async () => {
  const { writer, nobody } = world;
  let slug = '';
  await visit(writer, '/helpdesk/artikels/nieuw', async (page) => {
    await page.getByRole('combobox', { name: 'Wie leest het?' }).click();
    await page.getByRole('option', { name: 'voor iedereen' }).click();
    await page.getByLabel('Titel').fill('Een toetsenbord lenen');
    await page.getByLabel('In één zin').fill('Vraag het aan de ICT-coördinator.');
    await page.getByRole('textbox', { name: 'Tekst', exact: true }).fill('## Zo doe je dat\n\n- Vraag het.\n- Breng het terug.');
    await fits(page, 'article-edit');
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await page.getByRole('button', { name: 'Laat nalezen' }).click();
    await page.getByRole('button', { name: 'Publiceer' }).click();
    await page.getByText('Iedereen op het internet kan dit lezen').waitFor();
    expect((await nobody.get('/api/helpdesk/reader?taal=nl&q=toetsenbord')).body).not.toContain('lenen</a>');
    await page.getByRole('button', { name: 'Ja, laat hen lezen' }).click();
    await page.getByRole('heading', { name: 'Wat lezers nu zien' }).waitFor();
    await fits(page, 'article-published');
    slug = ((await page.getByRole('link', { name: 'Open de pagina' }).getAttribute('href')) ?? '').replace(
      /^\/hulp\/|\?.*$/g,
      '',
    );
  });
  await visit(
    null,
    '/hulp?taal=nl',
    async (page) => {
      await page.getByRole('searchbox').fill('toetsenbort');
      await page.getByRole('button', { name: 'Zoek' }).click();
      await page.getByRole('link', { name: 'Een toetsenbord lenen' }).click();
      await page.getByRole('heading', { level: 1, name: 'Een toetsenbord lenen' }).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/hulp/${slug}`);
      await page.getByRole('button', { name: 'Ja' }).click();
      await page.getByText('Dank je.').waitFor();
      await page.getByRole('link', { name: 'Français' }).click();
      await page.getByText('Cet article n’existe pas encore dans cette langue.').waitFor();
    },
    { javaScriptEnabled: false, viewport: { width: 390, height: 800 } },
  );
  for (const [path, name] of [
    ['/hulp?taal=nl', 'help'],
    [`/hulp/${slug}?taal=nl`, 'help-article'],
    ['/hulp/nergens?taal=nl', 'help-missing'],
    ['/status?taal=nl', 'status'],
  ] as const) {
    await visit(null, path, (page) => fits(page, name), { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
  }
  const rows = await world.portal.work('helpdesk', ({ knex }) => knex('article_votes').select('helped', 'not_helped'));
  expect(rows).toEqual([{ helped: 1, not_helped: 0 }]);
});

test('H22: hostile texts in articles, wishes and outages run nothing and ask nothing of other hosts, wherever they are shown', async () => {
  const { writer, an } = world;
  const title = '"><img src=x onerror="window.ran = 1"><script>window.ran = 1</script>';
  const body = hostileTexts.map((text) => text.replaceAll('\u0000', '')).join('\n\n');
  const made = await article(writer, { audience: 'public', title, summary: title, body });
  const { body: wish } = await an.post('/api/helpdesk/wishes', { title, text: body.slice(0, 1900) });
  const { body: outage } = await writer.post('/api/helpdesk/outages', {
    tools: ['breuken'],
    severity: 'slow',
    publicText: title,
  });
  const places: [Reader | null, string][] = [
    [null, `/hulp/${made.slug}?taal=nl`],
    [null, `/hulp?taal=nl&q=${encodeURIComponent(title)}`],
    [null, '/status?taal=nl'],
    [writer, `/helpdesk/artikels/${made.id}`],
    [writer, '/helpdesk/artikels'],
    [writer, '/helpdesk/storingen'],
    [an, `/wensen/${wish.id}`],
    [an, '/wensen'],
    [an, '/helpdesk/vraag?programma=breuken'],
  ];
  for (const [who, path] of places) {
    await visit(who, path, async (page) => {
      await page.getByText('onerror=').first().waitFor();
      for (const link of await page.locator('main a[href^="javascript:" i], article a[href^="data:" i]').all())
        expect(await link.count()).toBe(0);
      expect(await ran(page), path).toBe(false);
    });
  }
  await writer.post(`/api/helpdesk/outages/${outage.id}/end`, { text: 'Voorbij.' });
});

test('an outage is said where its tool stands: in the library, on a path of a teacher and of a pupil, at the step and where people ask', async () => {
  const { writer, an, noor, klas, portal } = world;
  const [activity] = await portal.work('library', ({ activities }) => activities.idsBySource('tool:breuken', ['pizza']));
  const { body: path } = await an.post('/api/myway/paths', { title: 'Breuken', activityIds: [activity] });
  const { body: given, status } = await an.post(`/api/myway/paths/${path.id}/assignments`, { classId: klas.id });
  expect(status, JSON.stringify(given)).toBe(201);
  await visit(writer, '/helpdesk/storingen', async (page) => {
    await page.getByRole('button', { name: 'Meld een storing' }).click();
    await page.getByRole('combobox', { name: 'Oefenprogramma’s' }).click();
    await page.getByRole('option', { name: 'Breukenbaas' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Voor iedereen').fill('De maker zoekt het uit.');
    await page.getByLabel('Voor leraren').fill('Gebruik intussen het werkblad.');
    await page.getByLabel('Voor leerlingen').fill('Doe eerst iets anders, dit komt goed.');
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await page.getByText('De maker zoekt het uit.').waitFor();
    await fits(page, 'outages');
  });
  const said: [Reader | null, string, string][] = [
    [an, `/bibliotheek/${activity}`, 'Gebruik intussen het werkblad.'],
    [an, '/bibliotheek?q=pizza', 'Gebruik intussen het werkblad.'],
    [an, `/paden/${path.id}`, 'Gebruik intussen het werkblad.'],
    [an, '/helpdesk/vraag?programma=breuken', 'Gebruik intussen het werkblad.'],
    [noor, `/mijn-paden/${given.id}`, 'Doe eerst iets anders, dit komt goed.'],
    [noor, `/mijn-paden/${given.id}/stap/${path.steps[0].id}`, 'Doe eerst iets anders, dit komt goed.'],
    [null, '/status?taal=nl', 'De maker zoekt het uit.'],
  ];
  for (const [who, place, text] of said) {
    await visit(who, place, async (page) => {
      await page.getByText(text).first().waitFor();
      await picture(page, `outage${place.replace(/[^a-z]+/gi, '-').slice(0, 20)}`);
    });
  }
  await portal.work('helpdesk', ({ ticketing }) =>
    ticketing.open({
      ...{ subject: 'Wit scherm', text: 'Wit scherm.', channel: 'portal', schoolId: world.wegwijzer.id, toolKey: 'breuken' },
      author: { personId: an.personId, email: null, name: null },
    }),
  );
  await portal.drain();
  await visit(writer, '/helpdesk/storingen', async (page) => {
    await page.getByText('1 vraag').waitFor();
    await page.getByRole('button', { name: 'Zeg dat het opgelost is' }).click();
    await page.getByLabel('Bericht').fill('Het werkt weer. Bedankt om te wachten.');
    await page.locator('il-dialog').getByRole('button', { name: 'Zeg dat het opgelost is' }).click();
    await page.getByText('De storing is voorbij; 1 vraag is opgelost.').waitFor();
    await page.getByText('Geen storingen.').waitFor();
  });
});

test('a wish is made with a look at those that are alike, supported, handed over, answered, and stands on the roadmap', async () => {
  const { writer, an, bart, maker } = world;
  await bart.post('/api/helpdesk/wishes', { title: 'Een donkere weergave van het klasbord' });
  let address = '';
  await visit(an, '/wensen', async (page) => {
    await page.getByRole('button', { name: 'Doe een wens' }).click();
    await page.getByLabel('Wat wens je?').fill('Donkere weergave klasbord');
    await page.getByText('Bedoel je een van deze?').waitFor();
    await page.locator('helpdesk-wish-dialog').getByRole('link', { name: 'Een donkere weergave van het klasbord' }).waitFor();
    await page.getByLabel('Wat wens je?').fill('Breuken met een rekenlijn oefenen');
    await expect.poll(() => page.getByText('Bedoel je een van deze?').count()).toBe(0);
    await page.getByRole('button', { name: 'Bewaar de wens' }).click();
    await page.getByRole('link', { name: 'Breuken met een rekenlijn oefenen' }).waitFor();
    await fits(page, 'wishes');
    await page.getByRole('button', { name: /Wil ik ook.*Een donkere weergave/ }).click();
    await page.getByText('2 stemmen · 2 scholen').waitFor();
    address = (await page.getByRole('link', { name: 'Breuken met een rekenlijn oefenen' }).getAttribute('href')) ?? '';
  });
  await visit(writer, address, async (page) => {
    await page.getByRole('combobox', { name: 'Wie kan dit doen?' }).fill('Oefen');
    await page.getByRole('option', { name: /Oefenhoek/ }).click();
    await page.getByText('bij Oefenhoek').waitFor();
  });
  await visit(maker, address, async (page) => {
    await page.getByRole('combobox', { name: 'Hoe ver staat het?' }).click();
    await page.getByRole('option', { name: 'gepland' }).click();
    await page.getByLabel('Wat zeg je aan de scholen?').fill('Komt na de zomer.');
    await page.getByRole('button', { name: 'Bewaar het antwoord' }).click();
    await page.getByText('Komt na de zomer.').waitFor();
    await fits(page, 'wish');
  });
  await visit(
    an,
    '/wensen',
    async (page) => {
      await page.getByText('Wat er komt').click();
      await page
        .getByRole('region', { name: 'gepland' })
        .getByRole('link', { name: 'Breuken met een rekenlijn oefenen' })
        .waitFor();
      await fits(page, 'roadmap');
    },
    { viewport: { width: 390, height: 800 } },
  );
});
