import type { Page } from 'playwright-core';
import { axe, ofColour } from '../../../../../ui/test/browser.js';
import type { Visit } from './walk.js';

/** Looks at a page as people with a small window, forced colours or another theme see it. Returns what is wrong. */
export async function checkLayout({ page, address }: Visit): Promise<string[]> {
  const faults = [...(await narrow(page)), ...(await enlarged(page)), ...(await low(page)), ...(await forced(page))];
  faults.push(...(await axe(page)), ...(await inTheDark(page)));
  return faults.map((fault) => `${address}: ${fault}`);
}

/** 320 px: a window of 1280 px at 400 %. WCAG 2.2, 1.4.10. */
async function narrow(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  return width > 320 ? [`is ${width} px wide in a window of 320 px`] : [];
}

/** Letters twice as large, in a window of 1280 px. WCAG 2.2, 1.4.4. Also no button, heading or link may hide a part of its text. */
async function enlarged(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 1280, height: 900 });
  const faults = await page.evaluate<string[]>(`(async () => {
    document.documentElement.style.fontSize = '200%';
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const width = document.documentElement.scrollWidth;
    const cut = sweep.deep(document).filter((each) => {
      if (!each.matches('a, button, h1, h2, h3, label, th, td') || !sweep.shown(each) || each.clientWidth < 4) return false;
      const { overflowX, textOverflow } = getComputedStyle(each);
      return overflowX !== 'visible' && textOverflow !== 'ellipsis' && each.scrollWidth > each.clientWidth + 1;
    });
    document.documentElement.style.removeProperty('font-size');
    return [
      ...(width > 1280 ? ['is ' + width + ' px wide in a window of 1280 px with letters of 200 %'] : []),
      ...cut.map((each) => sweep.describe(each) + ' hides a part of its text with letters of 200 %'),
    ];
  })()`);
  return faults;
}

/** 320 × 215: a telephone on its side, enlarged. What stays in view may not cover the text. WCAG 2.2, 2.4.11. */
async function low(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 215 });
  const covering = await page.evaluate<string[]>(`sweep.deep(document).filter((each) => {
    const { position, pointerEvents } = getComputedStyle(each);
    if (position !== 'sticky' && position !== 'fixed' || pointerEvents === 'none' || !sweep.shown(each)) return false;
    const { height, width } = each.getBoundingClientRect();
    return width > 160 && height > 64 && each.textContent.trim() !== '';
  }).map((each) => sweep.describe(each))`);
  await page.setViewportSize({ width: 1280, height: 900 });
  return covering.map((each) => `${each} covers the text of a low window`);
}

/** The current and the chosen differ from the others of their group, and no field looks focused. */
async function forced(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const faults = await page.evaluate<string[]>(`(() => {
    const look = (each) => {
      const { color, backgroundColor, borderColor, borderWidth } = getComputedStyle(each);
      return [color, backgroundColor, borderColor, borderWidth].join();
    };
    const chosen = '[aria-current]:not([aria-current="false"]), [aria-pressed="true"], [aria-selected="true"]';
    const all = sweep.deep(document).filter((each) => each.matches('a, button, [role=tab], [role=option]') && sweep.shown(each));
    const same = all.filter((each) => each.matches(chosen)).flatMap((each) => {
      const group = each.closest('ul, ol, nav, [role=tablist], [role=listbox], div');
      const other = all.find((one) => one !== each && group?.contains(one) && one.localName === each.localName && !one.matches(chosen));
      const inner = (one) => [one, ...one.querySelectorAll('*')].map(look).join(';');
      return other && inner(other) === inner(each) ? [sweep.describe(each) + ' looks like ' + sweep.describe(other) + ' in forced colours'] : [];
    });
    const ringed = sweep.deep(document).filter((each) => {
      if (!each.matches('input, textarea, [part~=combobox], .text-field, .textarea') || !sweep.shown(each)) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle !== 'none' && outlineWidth !== '0px' && !sweep.lineage(sweep.focused()).includes(each);
    });
    return [...same, ...ringed.map((each) => sweep.describe(each) + ' looks focused in forced colours')];
  })()`);
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
  return faults;
}

async function inTheDark(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const faults = await axe(page, ofColour);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return faults.map((fault) => `dark: ${fault}`);
}
