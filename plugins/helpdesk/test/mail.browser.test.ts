import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs } from '../../../ui/test/browser.js';
import { createDesk, type Desk } from './support/desk.js';
import { lines, mail } from './support/mails.js';
import { corpus } from './support/xss.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
let desk: Desk;
let browser: Browser;
beforeAll(async () => {
  desk = await createDesk({}, { uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

test('H21, H22: of hostile mails nothing runs and nothing is loaded, in the thread, in the frame and among the mails that wait', async () => {
  const html = (attack: string) => Buffer.from(attack).toString('latin1');
  // Few pages for the whole corpus: one mail holds a tenth of it, and each attack is alone in a part of it.
  const rows = [];
  for (let at = 0; at < corpus.length; at += 10) {
    const body = corpus
      .slice(at, at + 10)
      .map((attack) => `<div>${html(attack)}</div>`)
      .join('<hr>');
    const raw = lines(
      `From: "<img src=x onerror=pwned()>" <ouder@ouders.example>`,
      'To: helpdesk@portal.example',
      'Subject: <img src=https://spion.example/onderwerp onerror=pwned()>',
      `Message-ID: <xss${at}@ouders.example>`,
      'Content-Type: text/html; charset=utf-8',
      '',
      body,
    );
    rows.push(await desk.receive(Buffer.from(raw, 'latin1')));
  }
  await desk.receive(
    mail({ from: 'hulp@portal.example', subject: '<script>pwned()</script>', text: '<img src=x onerror=pwned()>' }),
  );
  const quoting = await desk.receive(mail({ text: lines('Het lukt nu.', '', '> Lukt het?', '> Echt?') }));

  await visitAs(
    browser,
    { url: desk.platform.url, path: '/helpdesk/post?toon=received-quarantined', cookie: desk.agent.cookie('ilearn') },
    async (page) => {
      const asked: string[] = [];
      let ran = 0;
      await page.exposeFunction('pwned', () => {
        ran++;
      });
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http') && host !== new URL(desk.platform.url).host) asked.push(request.url());
      });
      await page.getByRole('heading', { name: 'E-mail van de helpdesk' }).waitFor();
      await page.getByText('<script>pwned()</script>').waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, 'helpdesk-mail');
      // Every mail in one page, as the thread of a ticket shows it.
      await page.goto(`${desk.platform.url}/helpdesk/ticket/${quoting.ticket_id}`);
      await page.locator('helpdesk-mail-body').first().waitFor();
      await page.evaluate(
        (mails) => {
          const place = document.createElement('main');
          for (const { mail, text } of mails)
            place.append(Object.assign(document.createElement('helpdesk-mail-body'), { mail, text }));
          document.body.replaceChildren(place);
        },
        await Promise.all([...rows, quoting].map(async ({ id, text }) => ({ mail: id, text: String(text) }))),
      );
      const layouts = page.getByText('Toon de mail met opmaak');
      await expect.poll(() => layouts.count()).toBe(rows.length);
      for (let at = 0; at < rows.length; at++) await layouts.nth(at).click();
      await expect.poll(() => page.frames().length).toBe(rows.length + 1);
      for (const frame of page.frames().slice(1)) {
        await frame.waitForLoadState('load');
        expect(await frame.locator('script, svg, form, iframe, object, embed, style').count()).toBe(0);
      }
      // Time for what would run or load late.
      await page.waitForTimeout(500);
      expect(ran).toBe(0);
      expect(asked).toEqual([]);
      expect(page.url()).toContain('/helpdesk/ticket/');
      // What was quoted is folded, and there.
      await page.getByText('Toon wat eerder geschreven is').click();
      await page.getByText('> Lukt het?').waitFor();
    },
  );
});
