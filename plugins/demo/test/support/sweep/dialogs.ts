import type { Page } from 'playwright-core';
import { axe, ofColour } from '../../../../../ui/test/browser.js';
import { settled, type Visit } from './walk.js';

/** What was wrong with a dialog, and which dialogs were opened. */
export interface DialogReport {
  opened: string[];
  faults: string[];
}

/** Presses at most so many kinds of buttons of a page with the keyboard; nothing that a button does reaches the server. */
export async function openDialogs({ page, address }: Visit, report: DialogReport, most: number): Promise<void> {
  await page.route('**/api/**', (route) => (route.request().method() === 'GET' ? route.continue() : route.abort()));
  const done = new Set<string>();
  while (done.size < most) {
    const button = await nextButton(page, done);
    if (button === null) break;
    done.add(button.kind);
    await page.keyboard.press('Enter');
    if (await appears(page)) await checkDialog(page, `${address}: ${button.name}`, report);
    if (new URL(page.url()).pathname !== address || (await page.evaluate<number>('sweep.modals().length')) > 0) {
      await page.goto(new URL(address, page.url()).href);
      await settled(page);
    }
  }
  await page.unroute('**/api/**');
}

/** Focuses the first button whose kind was not pressed yet. */
const nextButton = (page: Page, done: ReadonlySet<string>): Promise<{ kind: string; name: string } | null> =>
  page.evaluate(`(() => {
    const done = new Set(${JSON.stringify([...done])});
    for (const [kind, button] of sweep.buttons()) {
      if (done.has(kind)) continue;
      button.focus();
      sweep.opener = button;
      return { kind, name: sweep.describe(button) };
    }
    return null;
  })()`);

async function appears(page: Page): Promise<boolean> {
  for (let turn = 0; turn < 6; turn += 1) {
    if ((await page.evaluate<number>('sweep.modals().length')) > 0) return true;
    await page.waitForTimeout(40);
  }
  return false;
}

/** Where the focus is, relative to the open dialog. */
const place = (page: Page): Promise<{ inside: boolean; onClose: boolean; heading: string; on: string }> =>
  page.evaluate(`(() => {
    const dialog = sweep.modals().at(-1);
    const now = sweep.focused();
    const around = sweep.lineage(now);
    return {
      inside: around.includes(dialog),
      onClose: now?.classList.contains('close') ?? false,
      heading: (dialog?.querySelector('h2') ?? dialog)?.textContent?.replace(/\\s+/g, ' ').trim().slice(0, 60) ?? '',
      on: sweep.describe(now),
    };
  })()`);

async function checkDialog(page: Page, what: string, { opened, faults }: DialogReport): Promise<void> {
  await page.waitForTimeout(60);
  const { inside, onClose, heading, on } = await place(page);
  opened.push(`${what} → ${heading}`);
  if (!inside) faults.push(`${what}: the focus is outside the dialog “${heading}”, on ${on}`);
  if (onClose) faults.push(`${what}: the focus is on the cross of “${heading}”`);
  for (const [colorScheme, rules] of [
    ['light', undefined],
    ['dark', ofColour],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    for (const line of await axe(page, rules, 'sweep.modals().at(-1)')) faults.push(`${what}, ${colorScheme}: ${line}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 640 });
  const hidden = await page.evaluate<number>(
    `Math.max(document.documentElement.scrollWidth, ...sweep.modals().map((each) => each.getBoundingClientRect().right)) - 320`,
  );
  if (hidden > 0) faults.push(`${what}: “${heading}” is ${hidden} px too wide for a window of 320 px`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.keyboard.press('Escape');
  for (let turn = 0; turn < 25; turn += 1) {
    if ((await page.evaluate<number>('sweep.modals().length')) === 0) break;
    await page.waitForTimeout(40);
  }
  await page.waitForTimeout(60);
  const back = await page.evaluate<{ back: boolean; on: string; open: number }>(`(() => {
    const now = sweep.focused();
    const around = sweep.lineage(now);
    const trigger = sweep.lineage(sweep.opener).find(({ localName }) => localName === 'wa-dropdown')?.querySelector('[slot=trigger]');
    return { back: around.includes(sweep.opener) || around.includes(trigger), on: sweep.describe(now), open: sweep.modals().length };
  })()`);
  if (back.open > 0) faults.push(`${what}: Escape does not close “${heading}”`);
  else if (!back.back) faults.push(`${what}: after “${heading}” the focus is on ${back.on}`);
}
