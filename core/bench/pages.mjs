// `npm run bench pages`: what a telephone waits for, with the figures of before the portal's page brought its own first picture.
import { chromium } from 'playwright-core';
import { findChromium } from '../dist/authoring/find-chromium.js';
import { enter, startDemonstration } from '../scripts/demonstration.mjs';

/** A slow telephone: its processor against this machine's, its line in bytes a second, and the delay of each request in milliseconds. */
const phone = { slower: 6, bytesPerSecond: 1_500_000 / 8, delay: 150 };

/** Whose page, where, what must be seen, and the milliseconds of before (a board of 39 pupils and 25 steps). */
const pages = [
  { name: 'sign-in', door: null, at: '/aanmelden?wie=leerling', seen: 'input[autocomplete=username]', before: 2541 },
  { name: 'start page of a pupil', door: 'pupil', at: '/', seen: 'myway-start-next button', before: 2680 },
  { name: 'class board', door: 'teacher', at: firstBoard, seen: 'myway-class-grid tbody td button', before: 5980 },
];

async function firstBoard(page) {
  const answer = await page.request.get(new URL('/api/myway/assignments', page.url()).href);
  return `/opvolging/${(await answer.json())[0].id}`;
}

/** Runs in each page before its own code. */
function observe() {
  const seen = { cls: 0, fcp: 0, lcp: 0, longest: 0 };
  window.benchSeen = seen;
  const watch = (type, take) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) take(entry);
    }).observe({ type, buffered: true });
  watch('layout-shift', ({ value, hadRecentInput }) => {
    if (!hadRecentInput) seen.cls += value;
  });
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.fcp = startTime;
  });
  watch('largest-contentful-paint', ({ startTime }) => {
    seen.lcp = startTime;
  });
  watch('longtask', ({ duration }) => {
    seen.longest = Math.max(seen.longest, duration);
  });
}

async function measure(browser, url, { door, at, seen }) {
  // A context of its own: an empty cache.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'nl-BE' });
  const page = await context.newPage();
  await page.goto(`${url}/health/live`).catch(() => {});
  if (door !== null) await enter(page, url, door);
  const address = typeof at === 'string' ? at : await at(page);
  await page.addInitScript(observe);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: phone.delay,
    downloadThroughput: phone.bytesPerSecond,
    uploadThroughput: phone.bytesPerSecond,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: phone.slower });
  const received = { requests: 0, bytes: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    received.requests += 1;
    received.bytes += encodedDataLength;
  });
  const begun = performance.now();
  await page.goto(url + address, { waitUntil: 'commit' });
  await page.locator(seen).first().waitFor({ timeout: 120_000 });
  const visible = performance.now() - begun;
  const { requests, bytes } = received;
  await page.waitForLoadState('networkidle');
  const found = await page.evaluate(() => window.benchSeen);
  await context.close();
  return { visible, requests, bytes, ...found };
}

export async function measurePages() {
  const portal = await startDemonstration();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    console.log(
      `\nPages on a telephone: processor ÷ ${phone.slower}, 1.5 Mbit/s, ${phone.delay} ms, empty cache; middle of three`,
    );
    const rows = {};
    for (const page of pages) {
      // The first visit also warms the portal up; it does not count.
      await measure(browser, portal.url, page);
      const tries = [];
      for (let count = 0; count < 3; count += 1) tries.push(await measure(browser, portal.url, page));
      const { visible, requests, bytes, fcp, lcp, cls, longest } = tries.sort((a, b) => a.visible - b.visible)[1];
      rows[page.name] = {
        'visible ms': Math.round(visible),
        'before ms': page.before,
        // Until then; these do not depend on how busy the machine is.
        requests,
        kB: Math.round(bytes / 1000),
        'FCP ms': Math.round(fcp),
        'LCP ms': Math.round(lcp),
        CLS: Number(cls.toFixed(3)),
        'longest task ms': Math.round(longest),
      };
    }
    console.table(rows);
  } finally {
    await browser.close();
    await portal.stop();
  }
}
