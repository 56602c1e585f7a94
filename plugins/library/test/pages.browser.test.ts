import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { provider as addProvider, providerPerson } from '@ilearn/plugin-directory/testing';
import { strToU8, zipSync } from 'fflate';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, type WatchedPage } from '../../../ui/test/browser.js';
import { smallConfig, smallFiles, v } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let platform: LibraryPlatform;
let browser: Browser;
let cookie: string;

beforeAll(async () => {
  platform = await libraryPlatform([], smallConfig, uiFolder);
  await platform.importSkos(smallFiles());
  const teacher = await platform.as('teacher', await platform.school('De Regenboog'));
  cookie = teacher.cookie('ilearn') as string;
  await platform.upsert(
    record({ title: 'Taart verdelen', conceptUris: [v('breuken')], minutes: 10, ageFrom: 8, ageTo: 10 }),
    record({ title: 'Optellen tot honderd', conceptUris: [v('getallen')], minutes: 25 }),
    record({ title: 'Spellen', conceptUris: [v('taal')], content: { kind: 'link', url: 'https://voorbeeld.be/spelling' } }),
    ...Array.from({ length: 30 }, (_, n) => record({ title: `Zin ${n + 10}`, conceptUris: [v('taal')], teacherOnly: true })),
  );
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function visit(
  path: string,
  run: (page: WatchedPage) => Promise<void>,
  options: BrowserContextOptions = {},
  as = cookie,
): Promise<void> {
  const page = await openPage(browser, platform.url, { locale: 'nl-BE', ...options });
  page.setDefaultTimeout(20_000);
  try {
    await page.context().addCookies([{ name: 'ilearn', value: as, url: platform.url }]);
    await page.goto(platform.url + path);
    await run(page);
    expect(page.faults).toEqual([]);
  } finally {
    await closePage(page);
  }
}

const rows = (page: WatchedPage) => page.locator('library-result');

describe('the library', () => {
  test('can be searched and filtered, with browser history, and all of it is in the address', () =>
    visit('/bibliotheek', async (page) => {
      await page.getByRole('heading', { name: '33 activiteiten' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('checkbox', { name: /^wiskunde/ }).check();
      await page.getByRole('heading', { name: '2 activiteiten' }).waitFor();
      await page.getByRole('searchbox', { name: 'Zoek in de bibliotheek' }).fill('taart');
      await page.getByRole('heading', { name: '1 activiteit' }).waitFor();
      expect(new URL(page.url()).searchParams.toString()).toBe(
        new URLSearchParams({ q: 'taart', concept: v('wiskunde') }).toString(),
      );
      await page.getByRole('button', { name: 'Verwijder de filter wiskunde' }).click();
      await rows(page).getByRole('link', { name: 'Taart verdelen' }).click();
      await page.getByRole('heading', { name: 'Taart verdelen', level: 1 }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.locator('il-page-head').getByRole('link', { name: 'Bibliotheek' }).click();
      await page.getByRole('heading', { name: '1 activiteit' }).waitFor();
      expect(await page.getByRole('searchbox', { name: 'Zoek in de bibliotheek' }).inputValue()).toBe('taart');
    }));

  test('replaces a broader filter by a narrower one', () =>
    visit(`/bibliotheek?${new URLSearchParams({ concept: v('wiskunde') })}`, async (page) => {
      await page.getByRole('checkbox', { name: /^breuken/ }).check();
      await page.getByRole('heading', { name: '1 activiteit' }).waitFor();
      expect(new URL(page.url()).searchParams.getAll('concept')).toEqual([v('breuken')]);
    }));

  test('is paged by keyboard, and the focus moves to the new results', () =>
    visit('/bibliotheek', async (page) => {
      await page.getByRole('link', { name: 'Volgende' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Pagina 2 van 2').waitFor();
      await page.waitForFunction(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        return active?.id === 'found';
      });
      expect(await rows(page).count()).toBe(13);
    }));

  test('says if nothing is found', () =>
    visit('/bibliotheek?q=xyzzy', async (page) => {
      await page.getByRole('heading', { name: 'Niets gevonden voor “xyzzy”' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Toon de hele bibliotheek' }).click();
      await page.getByRole('heading', { name: '33 activiteiten' }).waitFor();
    }));

  test('shows its filters in a dialog on a phone, with the number of results', () =>
    visit(
      '/bibliotheek',
      async (page) => {
        await page.getByRole('button', { name: 'Filters' }).click();
        // What is slotted into a dialog is no descendant of it in the document.
        const window = page.locator('il-dialog', { has: page.getByRole('dialog', { name: 'Filters' }) });
        await window.getByRole('checkbox', { name: /^Nederlands/ }).check();
        // Results are dim until the new ones are there.
        await window.getByRole('button', { name: 'Toon 31 activiteiten' }).waitFor();
        expect(await axe(page)).toEqual([]);
        await window.getByRole('button', { name: 'Toon 31 activiteiten' }).click();
        await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      },
      { viewport: { width: 390, height: 800 } },
    ));
});

test('newcomer 17: shows a page of the portal and a text in three languages, as teachers see them', async () => {
  const [page, text] = (
    await platform.upsert(
      record({ title: 'Mijn oefenboek', content: { kind: 'link', url: '/rekentuin' } }),
      record({
        title: 'Waarom tafels?',
        content: { kind: 'text', markdown: 'Reken **sneller**.', translations: { en: 'Calculate **faster**.' } },
      }),
    )
  ).ids;
  await visit(`/bibliotheek/${page}`, async (shown) => {
    await shown.getByText('Je leerlingen gaan naar een pagina van i-Learn.').waitFor();
    expect(await shown.getByRole('link', { name: 'Open de pagina' }).getAttribute('href')).toBe('/rekentuin');
    expect(await axe(shown)).toEqual([]);
  });
  const english = { locale: 'en-GB', viewport: { width: 390, height: 800 } };
  await visit(
    `/bibliotheek/${text}`,
    async (shown) => {
      await shown.getByText('Calculate faster.').waitFor();
      expect(await shown.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    },
    english,
  );
});

describe("a teacher's own activity", () => {
  test('is written with missing fields reported, saved and taken out again', () =>
    visit('/bibliotheek/nieuw', async (page) => {
      await page.getByRole('button', { name: 'Bewaar' }).click();
      await page.getByText('Geef de activiteit een titel.').waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByLabel('Titel').fill('Mijn filmpje');
      await page.getByRole('radio', { name: /Website/ }).check();
      await page.getByLabel('Adres van de website').fill('javascript:alert(1)');
      await page.getByRole('button', { name: 'Bewaar' }).click();
      await page.getByText('Vul een adres in dat met https:// begint').waitFor();
      await page.getByLabel('Adres van de website').fill('voorbeeld.be/film');
      await page.getByRole('combobox', { name: 'Onderwerpen' }).fill('breu');
      await page.getByRole('option', { name: /^breuken/ }).click();
      await page.getByRole('button', { name: 'Verwijder breuken' }).waitFor();
      await page.getByRole('button', { name: 'Bewaar' }).click();
      await page.getByRole('heading', { name: 'Mijn filmpje', level: 1 }).waitFor();
      await page.getByText('https://voorbeeld.be/film').waitFor();
      await page.getByRole('button', { name: 'Haal uit de bibliotheek' }).click();
      await page.getByRole('button', { name: 'Zet terug', exact: true }).click();
      await page.getByRole('button', { name: 'Haal uit de bibliotheek' }).click();
      await page.getByText('De activiteit staat niet meer in de bibliotheek.').waitFor();
      await page.getByRole('button', { name: 'Zet terug in de bibliotheek' }).click();
      await page.getByRole('button', { name: 'Haal uit de bibliotheek' }).waitFor();
    }));
});

test('a text with a picture, a formula and a file is written, looked at, saved and kept to oneself', async () => {
  const drawn = sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } });
  const picture = { name: 'schelp.png', mimeType: 'image/png', buffer: await drawn.png().toBuffer() };
  const sheet = { name: 'werkblad.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };
  await visit('/bibliotheek/nieuw', async (page) => {
    await page.getByLabel('Titel').fill('Schelpen tellen');
    await page.getByLabel('Tekst', { exact: true }).fill('Tel tot \\\\(x^2\\\\).');
    await page.locator('library-picture-button input[type=file]').setInputFiles(picture);
    await page.waitForFunction(() => getSelection()?.toString() === 'Beschrijf de afbeelding');
    await page.keyboard.type('Een schelp');
    await page.getByRole('button', { name: 'Bekijk het resultaat' }).click();
    await page.getByRole('img', { name: 'Een schelp' }).waitFor();
    await page.locator('math').waitFor();
    await page
      .locator('library-materials input[type=file]')
      .setInputFiles([sheet, { ...sheet, name: 'fout.pdf', buffer: Buffer.from('<html>') }]);
    await page.getByText('fout.pdf is een soort bestand die hier niet kan.').waitFor();
    await page.getByRole('button', { name: 'Verwijder werkblad.pdf' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('checkbox', { name: /^Deel met je collega’s/ }).uncheck();
    await page.getByRole('button', { name: 'Bewaar' }).click();
    await page.getByRole('heading', { name: 'Schelpen tellen', level: 1 }).waitFor();
    const shown = page.getByRole('img', { name: 'Een schelp' });
    await shown.waitFor();
    expect(await shown.evaluate(async (image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(40);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'werkblad.pdf' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('werkblad.pdf');
    expect(await axe(page)).toEqual([]);
  });
});

test('a cartridge is looked at, and taken over as a collection', async () => {
  const manifest = `<manifest identifier="m"><organizations><organization><item><title>Reken</title>
    <item identifierref="a"><title>Uitleg</title></item><item identifierref="b"><title>Toets</title></item></item></organization></organizations>
    <resources><resource identifier="a" type="webcontent"><file href="a.html"/></resource>
    <resource identifier="b" type="imsqti_xmlv1p2/imscc_xmlv1p3/assessment"><file href="b.xml"/></resource></resources></manifest>`;
  const zip = zipSync({
    'imsmanifest.xml': strToU8(manifest),
    'a.html': strToU8('<p>Deel <b>eerlijk</b>.</p>'),
    'b.xml': strToU8('<x/>'),
  });
  await visit('/bibliotheek/cartridge', async (page) => {
    const choose = page.locator('input[type=file]');
    await choose.setInputFiles({ name: 'x.imscc', mimeType: 'application/zip', buffer: Buffer.from('niets') });
    await page.getByText('Dit is geen cartridge').waitFor();
    await choose.setInputFiles({ name: 'x.imscc', mimeType: 'application/zip', buffer: Buffer.from(zip) });
    await page.locator('#main').getByText('1 van de 2 onderdelen kunnen mee.').waitFor();
    await page.getByText('Toetsvragen kunnen niet mee.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Neem over' }).click();
    await page.getByRole('link', { name: 'Open de verzameling' }).click();
    await rows(page).getByRole('link', { name: 'Uitleg' }).waitFor();
  });
});

test('related topics of the curriculum lead on', () =>
  visit('/bibliotheek?q=breuken', async (page) => {
    await page.getByText('Verwante onderwerpen:').waitFor();
    await page.locator('.understood').getByRole('link', { name: 'getallenleer' }).click();
    await page.getByRole('button', { name: 'Verwijder de filter getallenleer' }).waitFor();
    await rows(page).getByRole('link', { name: 'Optellen tot honderd' }).waitFor();
  }));

test('a provider sends activities as a table on its own page', async () => {
  const made = await addProvider(platform, { kind: 'tool-provider', name: 'Rekenhoek' });
  const manager = await platform.signIn((await providerPerson(platform, made)).id);
  const send = (page: WatchedPage, text: string) =>
    page
      .locator('library-provided input[type=file]')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await visit(
    `/aanbieders/${made.id}`,
    async (page) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download de tabel' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('activiteiten.csv');
      await send(page, 'key;title;url\nt1;Tafels;http://x.be\n');
      await page.getByText('Rij 2, kolom url: een adres dat met https:// begint.').waitFor();
      expect(await axe(page)).toEqual([]);
      await send(page, 'key;title;url\nt1;Tafels van Rekenhoek;https://x.be\n');
      await page.locator('#main').getByText('1 activiteit is in orde. Er is nog niets gestuurd.').waitFor();
      await page.getByRole('button', { name: 'Stuur naar de bibliotheek' }).click();
      await page.locator('#main').getByText('1 activiteit is gestuurd.').waitFor();
      expect(await axe(page)).toEqual([]);
    },
    {},
    manager.cookie('ilearn'),
  );
  await platform.work('library', ({ providedActivities }) => providedActivities.storeNext());
  await visit('/bibliotheek?q=rekenhoek', (page) => rows(page).getByRole('link', { name: 'Tafels van Rekenhoek' }).waitFor());
});

describe('what colleagues share', () => {
  test('a teacher rates, keeps and collects an activity, and reports its link', () =>
    visit('/bibliotheek?q=spellen', async (page) => {
      await rows(page).getByRole('link', { name: 'Spellen' }).click();
      await page.getByRole('heading', { name: 'Spellen', level: 1 }).waitFor();
      await page.getByRole('button', { name: 'Zet bij mijn favorieten' }).click();
      await page.getByText('Favoriet van 1 leraar van je school').waitFor();
      await page.getByLabel('Jouw oordeel in één woord').selectOption({ label: 'te moeilijk' });
      await page.getByLabel(/Nota voor je collega’s/).fill('Eerst samen lezen.');
      await page.getByRole('button', { name: 'Bewaar je oordeel' }).click();
      await page.getByText('te moeilijk: 1').waitFor();
      await page.getByRole('button', { name: 'Werkt deze link niet? Meld het' }).click();
      await page.getByText('Je school meldde dat deze link niet werkt.').waitFor();
      expect(await axe(page)).toEqual([]);

      await page.getByRole('link', { name: 'Verzamelingen' }).click();
      await page.getByRole('heading', { name: 'Leesvaardigheid' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Maak een verzameling' }).click();
      await page.getByLabel('Naam').fill('Bosklassen');
      await page.getByLabel('Waarvoor dient ze?').fill('Voor de week in mei.');
      await page.getByRole('button', { name: 'Bewaar' }).click();
      await page.getByRole('heading', { name: 'Bosklassen', level: 1 }).waitFor();
      await page.goto(`${platform.url}/bibliotheek/favorieten`);
      await rows(page).getByRole('link', { name: 'Spellen' }).click();
      await page.getByLabel('In welke verzameling?').selectOption({ label: 'Bosklassen' });
      await page.getByRole('button', { name: 'Zet in de verzameling' }).click();
      await page.getByText('De activiteit staat in de verzameling.').waitFor();
      await page.getByRole('link', { name: 'Verzamelingen' }).click();
      await page.getByRole('link', { name: 'Bosklassen' }).click();
      await page.getByText('Voor de week in mei.').waitFor();
      await page.getByRole('button', { name: 'Haal “Spellen” eruit' }).waitFor();
      expect(await axe(page)).toEqual([]);

      await page.goto(`${platform.url}/bibliotheek/links`);
      await page.getByRole('heading', { name: 'Alle links die zijn nagekeken, werken.' }).waitFor();
      expect(await axe(page)).toEqual([]);
    }));
});
