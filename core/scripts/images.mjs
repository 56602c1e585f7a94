// `npm run images`: pictures of the main pages of the demonstration, light and dark, on a telephone and a desk, into docs/images.
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { findChromium } from '../dist/authoring/find-chromium.js';
import { enter, startDemonstration } from './demonstration.mjs';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
/** All pictures together, in bytes. */
const most = 3 * 1024 * 1024;
const widths = [1280, 390];
const schemes = ['light', 'dark'];

/** Follows the first link to a page of a single thing: an id has hyphens, unlike the names of other pages. */
const through = (list, address) => async (page) => {
  await page.goto(list);
  const link = page.locator(`a[href^="${address}"][href*="-"]`).first();
  await link.waitFor();
  return (await link.getAttribute('href')) ?? list;
};

/** The main pages: name, whose door, and its address, or how to find it. */
const pages = [
  ['sign-in', null, '/aanmelden?wie=kies'],
  ['start-pupil', 'pupil', '/'],
  ['pupil-path', 'pupil', through('/mijn-paden', '/mijn-paden/')],
  ['start-teacher', 'teacher', '/'],
  ['class', 'teacher', through('/klassen', '/klassen/')],
  ['class-board', 'teacher', through('/opvolging', '/opvolging/')],
  ['builder', 'teacher', through('/paden', '/paden/')],
  ['library', 'teacher', '/bibliotheek'],
  ['start-coordinator', 'coordinator', '/'],
  ['start-principal', 'principal', '/'],
  ['privacy', 'principal', '/beheer/privacy'],
  ['start-administrator', 'administrator', '/'],
];

/** Waits until nothing loads any more: no placeholder is shown, and the fonts are there. */
async function settle(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => {
    const busy = (node) =>
      [...node.querySelectorAll('*')].some(
        (each) =>
          (each.localName === 'il-skeleton' && each.checkVisibility()) || (each.shadowRoot !== null && busy(each.shadowRoot)),
      );
    return !busy(document);
  });
  await page.evaluate(() => document.fonts.ready);
}

async function take(browser, url, door, shots) {
  const context = await browser.newContext({ baseURL: url, locale: 'nl-BE', reducedMotion: 'reduce' });
  const page = await context.newPage();
  if (door !== null) await enter(page, url, door);
  for (const [name, , place] of shots) {
    const address = typeof place === 'string' ? place : await place(page);
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 860 });
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        await page.goto(address);
        await settle(page);
        const file = `${name}-${width}-${colorScheme}.webp`;
        await writeFile(
          join(folder, file),
          await sharp(await page.screenshot())
            .webp({ quality: 78, effort: 6 })
            .toBuffer(),
        );
        console.log(file);
      }
    }
  }
  await context.close();
}

let portal;
let browser;
try {
  await mkdir(folder, { recursive: true });
  portal = await startDemonstration();
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  for (const door of new Set(pages.map(([, each]) => each))) {
    await take(
      browser,
      portal.url,
      door,
      pages.filter(([, each]) => each === door),
    );
  }
} finally {
  await browser?.close();
  await portal?.stop();
}
const made = (await readdir(folder)).filter((file) => file.endsWith('.webp'));
const sizes = await Promise.all(made.map(async (file) => (await stat(join(folder, file))).size));
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(`${made.length} pictures, ${Math.round(total / 1024)} kB`);
if (total > most) {
  console.error(`That is more than ${most / 1024} kB: lower the quality in core/scripts/images.mjs.`);
  process.exitCode = 1;
}
