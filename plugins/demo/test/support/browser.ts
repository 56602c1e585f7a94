import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export { launch as launchBrowser } from '../../../../ui/test/browser.js';

/** Records what no page may do: call another host, throw an error, or violate its content security policy. */
export function watch(context: BrowserContext, hosts: readonly string[]): string[] {
  const faults: string[] = [];
  const known = new Set(hosts.map((url) => new URL(url).host));
  context.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !known.has(host)) faults.push(`foreign host: ${request.url()}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  return faults;
}

export async function signIn(
  page: Page,
  portal: string,
  who: 'Leerling' | 'Leraar of medewerker',
  username: string,
  password: string,
) {
  await page.goto(`${portal}/aanmelden`);
  await page.getByText(who, { exact: true }).click();
  await page.getByLabel('Gebruikersnaam').fill(username);
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/aanmelden'));
}

/** Enters as somebody by their door; `who` begins with a capital on the page of doors. */
export async function enterAs(page: Page, portal: string, who: string): Promise<void> {
  await page.goto(`${portal}/kijk`);
  await page.getByRole('button', { name: new RegExp(`Kijk als ${who}`) }).click();
  await expect.poll(() => new URL(page.url()).pathname, { timeout: 30_000 }).not.toBe('/kijk');
  await page.waitForLoadState();
}
