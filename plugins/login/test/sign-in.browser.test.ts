import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { definePlugin, html, reply, routeFor } from '@ilearn/core';
import {
  provider as addProvider,
  pupil as addPupil,
  providerPerson,
  schoolClass,
  teacher,
} from '@ilearn/plugin-directory/testing';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { codeAt, stepAt } from '../dist/factors/totp.js';
import { type LoginPlatform, startLogin } from './platform.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const password = 'krijt-en-bord-3a';
const route = routeFor<unknown>();

/** An identity provider for staff, which shows only where it was told to go back to. */
const provider = definePlugin({
  id: 'sign-on',
  version: '1.0.0',
  requires: { login: '^0.1.0' },
  contributes: {
    'login.providers': [{ key: 'sign-on', label: 'SignOn', audiences: ['staff'], startPath: '/api/sign-on/start' }],
  },
  routes: [
    route({
      method: 'GET',
      path: '/start',
      summary: 'Start',
      permission: 'public',
      query: z.object({ terug: z.string() }),
      responses: { 200: html('Where it goes back to') },
      handler: ({ query }) => reply(200, `back to ${query.terug.replaceAll('<', '&lt;')}`),
    }),
  ],
});

let platform: LoginPlatform;
let browser: Browser;
/** The portal's public address. Passkeys need a host with a name. */
let home: string;

beforeAll(async () => {
  const port = await freePort();
  home = `http://localhost:${port}`;
  platform = await startLogin(
    { throttle: { account: { free: 2, firstWaitSeconds: 60 } } },
    { plugins: [provider], uiFolder, settings: { port, publicUrl: home } },
  );
  await platform.person({ username: 'noor.elamrani', password, role: 'pupil', names: ['Noor', 'El Amrani'] });
  await platform.person({ username: 'sofie.maes', password, role: 'ict-coordinator', names: ['Sofie', 'Maes'] });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Opens the portal on a device that nobody used before, which may ask nobody else for anything. */
async function visit(path: string, run: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  const page = await openPage(browser, home, options);
  page.setDefaultTimeout(15_000);
  try {
    await page.goto(home + path);
    await run(page);
    expect(page.faults).toEqual([]);
  } finally {
    await page.context().clearCookies();
    await closePage(page);
  }
}

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Gebruikersnaam').fill(username);
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Meld je aan' }).click();
}

const atHeading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

describe('the sign-in page', () => {
  test('asks who you are, signs a pupil in and remembers the answer on this device', async () => {
    await visit('/aanmelden?terug=/account', async (page) => {
      await atHeading(page, 'Wie ben je?');
      await page.getByRole('link', { name: /^Leerling/ }).click();
      await atHeading(page, 'Hallo! Meld je aan');
      await signIn(page, 'noor.elamrani');
      await page.waitForURL('**/account');
      await atHeading(page, 'Je account');

      await page.context().clearCookies();
      await page.goto(`${home}/aanmelden`);
      await atHeading(page, 'Hallo! Meld je aan');
      await page.getByRole('link', { name: 'Ben je iemand anders?' }).click();
      await atHeading(page, 'Wie ben je?');
    });
  });

  test.each([
    ['no-preference', [150, 190]],
    ['reduce', [0, 0]],
  ] as const)('ux first minute: the line runs on to the last station while the next page loads (motion: %s)', async (reducedMotion, ends) => {
    await visit(
      '/aanmelden?wie=leerling&terug=/account',
      async (page) => {
        // An answer without content leaves the page where it is.
        await page.route('**/account', (route) => route.fulfill({ status: 204 }));
        await signIn(page, 'noor.elamrani');
        await page.locator('login-sign-in-page[leaving]').waitFor();
        const [last, first] = [page.locator('.todo .dot'), page.locator('.trail > .done .dot')];
        const colour = (dot: Locator) => dot.evaluate((element) => getComputedStyle(element).backgroundColor);
        await expect.poll(() => colour(last)).toBe(await colour(first));
        /** When the running part of a line ends, in milliseconds after signing in. */
        const end = (selector: string, part: string) =>
          page.locator(selector).evaluate((element, pseudo) => {
            const { animationName, animationDelay, animationDuration } = getComputedStyle(element, pseudo);
            return animationName === 'none'
              ? 0
              : Math.round(1000 * (Number.parseFloat(animationDelay) + Number.parseFloat(animationDuration)));
          }, part);
        expect([await end('.trail > .next', '::after'), await end('.trail > .todo', '::before')]).toEqual(ends);
      },
      { reducedMotion },
    );
  });

  test('works by keyboard alone, and the browser’s back button goes one step back', async () => {
    await visit('/aanmelden', async (page) => {
      await atHeading(page, 'Wie ben je?');
      await page.getByRole('link', { name: /^Leerling/ }).focus();
      await page.keyboard.press('Enter');
      await atHeading(page, 'Hallo! Meld je aan');
      expect(await focused(page)).toBe('h1');
      await page.goBack();
      await atHeading(page, 'Wie ben je?');
      expect(await focused(page)).toBe('h1');
    });
  });

  test.each(['https://evil.example/', '//evil.example/', '/\\evil.example/'])('never leads to %s', async (evil) => {
    await visit(`/aanmelden?wie=leerling&terug=${encodeURIComponent(evil)}`, async (page) => {
      await signIn(page, 'noor.elamrani');
      await page.waitForURL((url) => url.pathname !== '/aanmelden' || url.origin !== home);
      expect(new URL(page.url()).origin).toBe(new URL(home).origin);
    });
  });

  test('reports a wrong password kindly, and moves the focus to the field', async () => {
    await visit('/aanmelden?wie=medewerker', async (page) => {
      await page.getByRole('button', { name: /gebruikersnaam en wachtwoord/ }).click();
      await page.getByLabel('Gebruikersnaam').fill('nobody');
      await page.getByLabel('Wachtwoord', { exact: true }).fill('not-the-one');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Dat klopt niet helemaal.').waitFor();
      expect(await focused(page)).toBe('#password');
      expect(await axe(page)).toEqual([]);
    });
  });

  test('reports missing fields before it calls the server', async () => {
    await visit('/aanmelden?wie=leerling', async (page) => {
      await page.getByRole('button', { name: 'Meld je aan' }).click();
      await page.getByText('Vul je gebruikersnaam in.').waitFor();
      expect(await focused(page)).toBe('#username');
      expect(await page.getByLabel('Gebruikersnaam').getAttribute('aria-invalid')).toBe('true');
    });
  });

  test('counts down after too many failed attempts', async () => {
    await visit('/aanmelden?wie=leerling', async (page) => {
      await page.getByLabel('Gebruikersnaam').fill('guesser');
      for (let i = 0; i < 3; i++) {
        await page.getByLabel('Wachtwoord', { exact: true }).fill(`wrong-${i}`);
        await Promise.all([page.waitForResponse('**/api/login/session'), page.keyboard.press('Enter')]);
      }
      await page.getByRole('alert').getByText('Je hebt het te vaak geprobeerd.').waitFor();
      await page.getByText(/Over (5|6)\d seconden kun je het opnieuw proberen/).waitFor();
      expect(await page.getByRole('button', { name: 'Meld je aan' }).getAttribute('aria-disabled')).toBe('true');
      expect(await axe(page)).toEqual([]);
    });
  });

  test('is a form that password managers recognise', async () => {
    await visit('/aanmelden?wie=leerling', async (page) => {
      const username = page.getByLabel('Gebruikersnaam');
      const secret = page.getByLabel('Wachtwoord', { exact: true });
      expect(await username.getAttribute('autocomplete')).toBe('username');
      expect(await secret.getAttribute('autocomplete')).toBe('current-password');
      expect(await secret.getAttribute('type')).toBe('password');
      const together = await secret.evaluate(
        (input: HTMLInputElement) => input.form?.querySelector('[autocomplete=username]') !== null,
      );
      expect(together).toBe(true);
      await page.getByRole('button', { name: 'Toon het wachtwoord' }).click();
      expect(await secret.getAttribute('type')).toBe('text');
    });
  });

  test('offers the matching providers, beside the own account', async () => {
    await visit('/aanmelden?wie=medewerker&terug=/account', async (page) => {
      await page.getByRole('link', { name: 'Ga verder met SignOn' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: /gebruikersnaam en wachtwoord/ }).click();
      expect(await focused(page)).toBe('#username');
      await page.getByRole('link', { name: 'Ga verder met SignOn' }).click();
      await page.getByText('back to /account').waitFor();
    });
    await visit('/aanmelden?wie=leerling', async (page) => {
      await page.getByLabel('Gebruikersnaam').waitFor();
      expect(await page.getByRole('link', { name: /SignOn/ }).count()).toBe(0);
    });
  });

  const looks = [
    { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
    { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  ] as const;

  test.each(looks)('axe finds nothing and nothing overflows, $colorScheme, $viewport.width wide', async (look) => {
    for (const [answer, heading] of [
      ['kies', 'Wie ben je?'],
      ['leerling', 'Hallo! Meld je aan'],
    ] as const) {
      const check = async (page: Page) => {
        await atHeading(page, heading);
        expect(await axe(page), answer).toEqual([]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, `${answer} scrolls sideways`).toBeLessThanOrEqual(0);
      };
      await visit(`/aanmelden?wie=${answer}`, check, look);
    }
  });

  test.each([
    ['en-GB', 'Who are you?'],
    ['fr-BE', 'Qui es-tu ?'],
  ])('speaks %s', async (locale, heading) => {
    await visit('/aanmelden', (page) => atHeading(page, heading), { locale });
  });
});

test('a coordinator creates a temporary account, sees its password once and ends it', async () => {
  await visit('/aanmelden?wie=aanbieder&terug=/tijdelijke-accounts', async (page) => {
    await signIn(page, 'sofie.maes');
    await page.getByText('Nog geen tijdelijke accounts').waitFor();
    expect(await axe(page)).toEqual([]);

    await page.getByRole('button', { name: 'Nieuw tijdelijk account' }).click();
    await page.getByRole('button', { name: 'Maak het account' }).click();
    await page.getByText('Vul dit in.').first().waitFor();
    await page.getByLabel('Voornaam').fill('Sam');
    await page.getByLabel('Familienaam').fill('Stagiair');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Maak het account' }).click();
    await page.getByText('Het account is klaar').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Klaar' }).click();

    await page.getByRole('rowheader', { name: 'Sam Stagiair' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: /^Stop.*Sam Stagiair/ }).click();
    await page.getByRole('button', { name: 'Stop het account' }).click();
    await page.getByText('Nog geen tijdelijke accounts').waitFor();
  });
});

test('the account page changes the password and says which rule a new one breaks', async () => {
  await platform.person({ username: 'an.maes', password, names: ['An', 'Maes'] });
  await visit('/aanmelden?wie=aanbieder&terug=/account', async (page) => {
    await signIn(page, 'an.maes');
    await page.getByLabel('Je huidige wachtwoord').fill(password);
    await page.getByLabel('Je nieuwe wachtwoord').fill('Welkom123');
    await page.getByRole('button', { name: 'Wijzig mijn wachtwoord' }).click();
    await page.getByText(/te makkelijk te raden/).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Je nieuwe wachtwoord').fill('bus-halte-regen-fiets');
    await page.getByRole('button', { name: 'Wijzig mijn wachtwoord' }).click();
    await page
      .getByText(/Je wachtwoord is gewijzigd/)
      .first()
      .waitFor();
    expect((await platform.attempt('an.maes', 'bus-halte-regen-fiets')).status).toBe(200);
  });
});

test('attack 17: the account page lists other sessions, and ends them by keyboard alone', async () => {
  const there = platform.client();
  const agent = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36';
  await platform.person({ username: 'jo.smet', password, names: ['Jo', 'Smet'] });
  await there.post('/api/login/session', { username: 'jo.smet', password }, { headers: { 'user-agent': agent } });
  await platform.attempt('jo.smet', password);
  const sessions = async () => (await there.get('/api/kernel/sessions')).status;

  await visit('/aanmelden?wie=aanbieder&terug=/account', async (page) => {
    await signIn(page, 'jo.smet');
    const list = page.getByRole('list', { name: 'Waar je aangemeld bent' });
    await list.getByText('Dit toestel, nu').waitFor();
    expect(await list.getByRole('listitem').count()).toBe(3);
    expect(await axe(page)).toEqual([]);
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider, `${width} scrolls sideways`).toBeLessThanOrEqual(0);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/account-${width}.png`, fullPage: true });
    }

    expect(await sessions()).toBe(200);
    await list.getByRole('button', { name: /^Meld af Chrome \(Android\)/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Afmelden: Chrome (Android)?').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Meld daar af' }).focus();
    await page.keyboard.press('Enter');
    await list.getByText('Chrome (Android)', { exact: true }).waitFor({ state: 'detached' });
    expect(await sessions()).toBe(401);
    expect(await focused(page)).toBe('#sessions');

    await page.getByRole('button', { name: 'Meld me overal elders af' }).click();
    await page.getByRole('button', { name: 'Meld overal elders af' }).click();
    await page.getByText('Je bent nergens anders aangemeld.').waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
    expect(await axe(page)).toEqual([]);
  });
});

test('attack 17: a person with another provider, without an account here, ends sessions on the same page', async () => {
  const person = '5b0e7c1a-9a39-4d7c-8f0a-3f1f0f4f9b21';
  const there = await platform.signIn(person);
  const here = await platform.signIn(person);
  await visit('/aanmelden', async (page) => {
    await page.context().addCookies([{ name: 'ilearn', value: here.cookie('ilearn') as string, url: home }]);
    await page.goto(`${home}/account`);
    await page.getByText('Je hebt hier geen eigen wachtwoord').waitFor();
    await page.getByRole('button', { name: /^Meld af Onbekend toestel/ }).click();
    await page.getByRole('button', { name: 'Meld daar af' }).click();
    await page.getByText('Je bent nergens anders aangemeld.').waitFor();
    expect(await axe(page)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/elsewhere.png`, fullPage: true });
  });
  expect((await there.get('/api/kernel/sessions')).status).toBe(401);
});

/** What has the focus, through shadow roots: its id, else its tag. */
async function focused(page: Page): Promise<string> {
  await page.waitForTimeout(150);
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.id ? `#${element.id}` : (element?.localName ?? '');
  });
}

describe('an invitation', () => {
  const token = 'uitnodiging-uit-de-mail';

  test('issue 12: is seen on the page of the provider, and leads to an account, also on a phone', async () => {
    const noord = await addProvider(platform, { name: 'Nascholing Noord' });
    const petra = await providerPerson(platform, noord, { givenName: 'Petra', familyName: 'Plan', roles: ['planner'] });
    const lut = await providerPerson(platform, noord, { givenName: 'Lut', familyName: 'Claes' });
    await providerPerson(platform, noord, { givenName: 'Wim', familyName: 'Zonder' });
    await platform.work('login', ({ knex }) =>
      knex('invitations').insert({
        person_id: lut.id,
        provider_id: noord.id,
        invited_by: petra.id,
        token_hash: createHash('sha256').update(token).digest(),
        sent_at: new Date(),
        expires_at: new Date(Date.now() + 7 * 86_400_000),
      }),
    );
    const client = await platform.signIn(petra.id, 'Petra Plan');
    const look = async (page: Page, name: string) => {
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await picture(page, `login.${name}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
      expect(await axe(page)).toEqual([]);
    };
    await visit('/aanmelden', async (page) => {
      await page.context().addCookies([{ name: 'ilearn', value: client.cookie('ilearn') as string, url: home }]);
      await page.goto(`${home}/aanbieders/${noord.id}`);
      await page.getByRole('heading', { name: 'Uitnodigingen' }).waitFor();
      await page.getByText('Dit portaal stuurt geen mails.').waitFor();
      // Nobody invited Wim, or retention deleted the invitation.
      await page.getByText('Heeft nog geen account, en geen uitnodiging die nog geldt.').waitFor();
      expect(await page.getByRole('button', { name: 'Nodig uit – Wim Zonder' }).count()).toBe(1);
      await look(page, 'provider-invitations');
      // Somebody who is signed in signs out before accepting.
      await page.goto(`${home}/uitnodiging#${token}`);
      await page.getByText('Je bent aangemeld als Petra Plan.').waitFor();
      await look(page, 'invitation-signed-in');
      await page.getByRole('button', { name: 'Meld me af' }).press('Enter');
      await page.getByText('Hallo Lut!').waitFor();
    });
    await visit('/uitnodiging#bestaat-niet', async (page) => {
      await page.getByText('Deze link werkt niet.').waitFor();
      expect(await axe(page)).toEqual([]);
      // Another link opened in the same tab, and back.
      await page.goto(`${home}/uitnodiging#${token}`);
      await page.getByText('Hallo Lut!').waitFor();
      await page.getByLabel('Gebruikersnaam').fill('lut');
      await page.goBack();
      await page.getByText('Deze link werkt niet.').waitFor();
      await page.goForward();
      await page.getByText('Hallo Lut!').waitFor();
      expect(await page.getByLabel('Gebruikersnaam').inputValue()).toBe('');
    });
    await visit(`/uitnodiging#${token}`, async (page) => {
      await page.getByText('Hallo Lut! Petra Plan nodigt je uit om mee te werken voor Nascholing Noord.').waitFor();
      await look(page, 'invitation');
      await page.getByRole('button', { name: 'Maak mijn account' }).press('Enter');
      await page.getByText('Vul je gebruikersnaam in.').waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByLabel('Gebruikersnaam').fill('lut.claes');
      await page.getByLabel('Wachtwoord', { exact: true }).fill('krijt-en-bord-3b');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname !== '/uitnodiging');
      await page.getByRole('button', { name: /Lut Claes/ }).waitFor();
    });
  });
});

describe('second factors', () => {
  /**
   * Chromium's virtual authenticator, of one page: it makes passkeys, and says that their person was verified. Returns what decides whether
   * somebody touches it.
   */
  const authenticator = async (page: Page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return async (enabled: boolean) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    };
  };

  const onAccount = (page: Page) => page.waitForURL(`${home}/account`);

  test('a passkey and an app are added; the second step is asked for when signing in, and again before a sensitive act', async () => {
    const id = await platform.person({ username: 'jan.goossens', password, role: 'principal', names: ['Jan', 'Goossens'] });
    let secret = '';
    let codes: string[] = [];
    const section = (page: Page) => page.getByRole('region', { name: 'Tweede stap bij het aanmelden' });
    await visit('/aanmelden?wie=medewerker&terug=/account', async (page) => {
      await page.getByRole('button', { name: /gebruikersnaam en wachtwoord/ }).click();
      await signIn(page, 'jan.goossens');
      await onAccount(page);
      await authenticator(page);
      await section(page).getByRole('button', { name: 'Voeg een tweede stap toe' }).click();
      await section(page)
        .getByRole('button', { name: /Passkey op dit toestel/ })
        .click();
      await section(page).getByRole('heading', { name: 'Bewaar deze herstelcodes' }).waitFor();
      codes = await section(page).locator('ol li').allTextContents();
      expect(codes).toHaveLength(10);
      await picture(page, 'factors-codes');
      await section(page).getByRole('button', { name: 'Ik heb ze bewaard' }).click();
      await section(page).getByText('Nog 10 herstelcodes').waitFor();

      await section(page).getByRole('button', { name: 'Voeg nog een toe' }).click();
      await section(page).getByRole('button', { name: 'App die codes toont' }).click();
      secret = (await section(page).locator('code').textContent())?.replace(/\s/g, '') ?? '';
      await picture(page, 'factors-app');
      await section(page)
        .getByLabel('Code die de app toont')
        .fill(codeAt(secret, stepAt(new Date()) - 1));
      await section(page).getByRole('button', { name: 'Bevestig' }).click();
      await section(page).locator('strong', { hasText: 'App op je telefoon' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, 'factors');
      await page.setViewportSize({ width: 390, height: 800 });
      await picture(page, 'factors-390');

      await platform.platform.runner.run({}, ({ unit }) =>
        unit.kernel("update kernel.sessions set created_at = now() - interval '6 minutes' where person_id = $1", [id]),
      );
      await section(page).getByRole('button', { name: 'Maak nieuwe herstelcodes' }).click();
      await page.locator('il-dialog').getByRole('button', { name: 'Maak nieuwe herstelcodes' }).click();
      await page.getByText('Meld je nog eens aan').waitFor();
      await picture(page, 'factors-again');
      await signIn(page, 'jan.goossens');
      await page.getByLabel('Code', { exact: true }).fill(codes[1] as string);
      await page.keyboard.press('Enter');
      await section(page).getByRole('heading', { name: 'Bewaar deze herstelcodes' }).waitFor();
      codes = await section(page).locator('ol li').allTextContents();
    });
    await visit('/aanmelden?wie=medewerker&terug=/account', async (page) => {
      await page.getByRole('button', { name: /gebruikersnaam en wachtwoord/ }).click();
      await signIn(page, 'jan.goossens');
      await page.getByRole('heading', { name: 'Nog één stap' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, 'factors-step');
      await page.getByLabel('Code', { exact: true }).fill('123456');
      await page.getByRole('button', { name: 'Meld aan', exact: true }).click();
      await page.getByText('Die code klopt niet').waitFor();
      await page.getByLabel('Code', { exact: true }).fill(codes[0] as string);
      await page.keyboard.press('Enter');
      await onAccount(page);
      await section(page).getByText('Nog 9 herstelcodes').waitFor();
    });
  });

  test('a passkey signs in alone, as the browser suggests it or by the button, and is the second step after a password', async () => {
    const id = await platform.person({ username: 'els.wouters', password, role: 'teacher', names: ['Els', 'Wouters'] });
    const address = '/aanmelden?wie=medewerker&terug=/account';
    await visit(address, async (page) => {
      const choose = () => page.getByRole('button', { name: /gebruikersnaam en wachtwoord/ }).click();
      const again = async () => {
        await page.context().clearCookies();
        await page.goto(home + address);
        await choose();
      };
      const signedIn = async () => {
        await onAccount(page);
        expect(await page.evaluate(() => fetch('/api/kernel/session').then((answer) => answer.json()))).toMatchObject({
          session: { displayName: 'Els Wouters' },
        });
      };
      await choose();
      await signIn(page, 'els.wouters');
      await onAccount(page);
      const touch = await authenticator(page);
      const section = page.getByRole('region', { name: 'Tweede stap bij het aanmelden' });
      await section.getByRole('button', { name: 'Voeg een tweede stap toe' }).click();
      await section.getByRole('button', { name: /Passkey op dit toestel/ }).click();
      await section.getByRole('button', { name: 'Ik heb ze bewaard' }).click();

      // By the button; what the browser suggests waits meanwhile, and gives way.
      await touch(false);
      await again();
      await page.getByLabel('Gebruikersnaam').focus();
      await touch(true);
      await page.getByRole('button', { name: 'Meld aan met een passkey' }).click();
      await signedIn();
      // As the browser suggests it in the field, without a name or a password.
      await again();
      await signedIn();
      // After the password.
      await touch(false);
      await again();
      await signIn(page, 'els.wouters');
      await page.getByRole('heading', { name: 'Nog één stap' }).waitFor();
      await touch(true);
      await page.getByRole('button', { name: 'Gebruik een passkey' }).click();
      await signedIn();
      const [used] = await platform.platform.work('login', ({ knex }) => knex('passkeys').where({ person_id: id }));
      expect(used.used_at).not.toBeNull();
      // Taken away, it opens nothing any more.
      await platform.platform.work('login', ({ knex }) => knex('passkeys').where({ person_id: id }).delete());
      await touch(false);
      await again();
      await touch(true);
      await page.getByRole('button', { name: 'Meld aan met een passkey' }).click();
      await page.getByRole('alert').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/aanmelden');
    });
  });
});

describe('badges', () => {
  test('a teacher makes and opens them; a child types the code, chooses pictures by keyboard and is signed in', async () => {
    const klas = await schoolClass(platform, platform.schools[0], { name: '1B' });
    const { id } = await teacher(platform, klas);
    await addPupil(platform, klas, { givenName: 'Bo', familyName: 'Claes' });
    let code = '';
    const here = await platform.signIn(id);
    await visit('/aanmelden', async (page) => {
      await page.context().addCookies([{ name: 'ilearn', value: here.cookie('ilearn') as string, url: home }]);
      await page.addInitScript(() => {
        window.print = () => {};
      });
      await page.goto(`${home}/badges?klas=${klas.id}`);
      await page.getByRole('button', { name: 'Open de badges voor 2 uur' }).click();
      await page.getByText(/^De badges werken tot/).waitFor();
      await page.getByRole('button', { name: 'Maak en druk alle badges' }).click();
      code = (await page.locator('.badge .short').textContent()) ?? '';
      expect(await axe(page)).toEqual([]);
      await picture(page, 'badges');
      await page.setViewportSize({ width: 390, height: 800 });
      await picture(page, 'badges-390');
    });
    await visit('/badge', async (page) => {
      await picture(page, 'badge-code');
      await page.getByLabel('Code van je badge').fill(code);
      await page.keyboard.press('Enter');
      await page.getByRole('group', { name: 'Kies drie prentjes en onthoud ze' }).waitFor();
      for (const name of ['zon', 'raket', 'boek']) {
        await page.getByRole('checkbox', { name }).focus();
        await page.keyboard.press('Space');
      }
      await page.getByText('3 van 3 gekozen').waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, 'badge-pictures');
      await page.setViewportSize({ width: 390, height: 800 });
      await picture(page, 'badge-pictures-390');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForURL(`${home}/`);
      expect(await page.evaluate(() => fetch('/api/kernel/session').then((answer) => answer.json()))).toMatchObject({
        session: { displayName: 'Bo Claes' },
      });
    });
  });
});
