import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../src/base/session.js';
import { axe, buildFixtures, closePage, launch, openPage, type WatchedPage } from './browser.js';
import { pages } from './fixtures/gallery/pages.js';
import { json, Preview } from './preview.js';

const teacher: Session = {
  personId: '00000000-0000-4000-8000-000000000001',
  displayName: 'Lien Vermeulen',
  language: null,
  ageBand: null,
  roles: [{ tenant: '00000000-0000-4000-8000-0000000000a1', role: 'teacher' }],
  permissions: [],
};

let browser: Browser;
let preview: Preview;
let url: string;
let page: WatchedPage;
let fixtures: Awaited<ReturnType<typeof buildFixtures>>;
const sent: string[] = [];

beforeAll(async () => {
  [fixtures, browser] = await Promise.all([buildFixtures('gallery', 'extra', 'broken'), launch()]);
  const messages = `${fixtures.folder}/gallery/messages`;
  preview = new Preview([
    {
      id: 'gallery',
      entry: fixtures.entry('gallery'),
      messages,
      pages: [...pages, { path: '/aanmelden', tag: 'gallery-trail-page', title: 'trail.title', permission: 'public' }],
    },
    {
      id: 'extra',
      entry: fixtures.entry('extra'),
      slots: [
        { slot: 'shell.bar', tag: 'extra-school', permission: 'signed-in' },
        { slot: 'shell.start', tag: 'extra-part-says', permission: 'start:read', order: 2, size: 'full' },
        { slot: 'shell.start', tag: 'extra-part-hangs', permission: 'start:read', order: 3 },
        { slot: 'shell.start', tag: 'extra-part-fails', permission: 'start:read', order: 4 },
        { slot: 'shell.start', tag: 'extra-part-silent', permission: 'quiet:read', order: 5 },
        { slot: 'gallery.lists', tag: 'extra-throws', permission: 'public', order: 1 },
        { slot: 'gallery.lists', tag: 'extra-note', permission: 'public', order: 2 },
        { slot: 'gallery.lists', tag: 'extra-school', permission: 'secret:read', order: 3 },
      ],
    },
    {
      id: 'unsteady',
      entry: fixtures.entry('extra'),
      slots: [
        { slot: 'shell.start', tag: 'extra-throws', permission: 'start:read', order: 1 },
        { slot: 'shell.start', tag: 'extra-unmade', permission: 'start:read', order: 6 },
      ],
    },
    {
      id: 'hidden',
      entry: `${fixtures.folder}/not-for-this-person.js`,
      slots: [{ slot: 'shell.start', tag: 'hidden-part', permission: 'secret:read' }],
    },
    {
      id: 'shaky',
      entry: fixtures.entry('extra'),
      messages,
      pages: [
        { path: '/een-keer', tag: 'extra-once', title: 'broken.title', permission: 'public' },
        { path: '/ongemaakt', tag: 'extra-unmade', title: 'broken.title', permission: 'public' },
        { path: '/goed', tag: 'extra-note', title: 'broken.title', permission: 'public' },
        { path: '/goed/:id', tag: 'extra-note', title: 'broken.title', permission: 'public', loads: ['/good/:id'] },
        { path: '/alleen/:id', tag: 'extra-note', title: 'broken.title', permission: 'alone:read', loads: ['/alone/:id'] },
      ],
    },
    {
      id: 'many',
      entry: fixtures.entry('extra'),
      messages,
      pages: [
        ...Array.from({ length: 6 }, (_, index) => ({
          path: `/veel/${index}`,
          tag: 'extra-note',
          title: 'lists.title',
          permission: 'many:read',
          nav: { icon: 'list', order: 20 + index },
        })),
        {
          path: '/over-mij',
          tag: 'extra-note',
          title: 'secret.title',
          permission: 'many:read',
          nav: { icon: 'user', order: 1, menu: 'person' as const },
        },
      ],
    },
    {
      id: 'absent',
      pages: [
        { path: '/buiten-dienst', tag: 'absent-page', title: 'x', permission: 'public' },
        { path: '/uitgezet', tag: 'absent-page', title: 'x', permission: 'absent:read' },
        { path: '/uitgezet/kind', tag: 'absent-page', title: 'x', permission: 'absent:read', density: 'kid' },
      ],
    },
    {
      id: 'broken',
      entry: fixtures.entry('broken'),
      messages,
      pages: [
        { path: '/kapot', tag: 'broken-page', title: 'broken.title', permission: 'public', nav: { icon: 'unplug', order: 9 } },
      ],
    },
    {
      id: 'gone',
      entry: `${fixtures.folder}/no-such-file.js`,
      messages,
      pages: [{ path: '/weg', tag: 'gone-page', title: 'broken.title', permission: 'public' }],
    },
  ]);
  preview.api.set('PUT /api/kernel/session/language', (request, response) => {
    request.on('data', (data) => sent.push(String(data)));
    request.on('end', () => json(response, 204, undefined));
  });
  url = await preview.start();
});

afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await fixtures?.remove();
});

const open = async (path: string, options: Parameters<typeof openPage>[2] & { as?: Session | null } = {}) => {
  const { as = teacher, ...context } = options;
  preview.session = as;
  page = await openPage(browser, url, context);
  await page.goto(url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
};
afterEach(() => closePage(page));

const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const nav = (name: string) => page.getByRole('navigation').getByRole('link', { name });
/** Name of the focused element, through shadow roots. */
const focus = () =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.localName} ${element?.getAttribute('aria-label') ?? element?.textContent?.trim()}`;
  });

describe('a page of the portal', () => {
  it('has one copy of Lit, no policy violation, no request to another host, on every page with every menu open', async () => {
    await open('/');
    for (const path of ['/lijnen', '/formulieren', '/lijsten', '/toestanden', '/lijnen/1', '/nergens']) {
      await page.goto(url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    for (const menu of [/Taal: /, /^Weergave/, /jouw menu/]) await page.getByRole('button', { name: menu }).click();
    const versions = await page.evaluate(() => {
      const global = globalThis as unknown as Record<string, string[]>;
      return ['litElementVersions', 'reactiveElementVersions', 'litHtmlVersions'].map((name) => global[name]?.length);
    });
    expect(versions).toEqual([1, 1, 1]);
    expect(page.faults).toEqual([]);
  });

  it('is asked for along with what it loads at once, by whoever may open it, before the shell has arrived', async () => {
    const asked: string[] = [];
    for (const name of ['good', 'alone'])
      preview.api.set(`GET /api/shaky/${name}/a%20b`, (request, response) => {
        asked.push(request.url ?? '');
        json(response, 200, {});
      });
    const openAs = async (path: string, permissions: string[] | null) => {
      preview.session = permissions === null ? null : { ...teacher, permissions };
      page = await openPage(browser, url);
      await page.route('**/assets/ui/shell-*.js', (route) => route.abort());
      await Promise.all([page.waitForResponse('**/api/kernel/session'), page.goto(`${url}${path}/a%20b`)]);
      await page.waitForTimeout(200);
      await closePage(page);
    };
    await openAs('/goed', null);
    expect(asked).toEqual(['/api/shaky/good/a%20b']);
    await openAs('/alleen', null);
    await openAs('/alleen', []);
    expect(asked).toHaveLength(1);
    await openAs('/alleen', ['alone:read']);
    expect(asked.slice(1)).toEqual(['/api/shaky/alone/a%20b']);
    await open('/lijsten');
  });

  it('is announced, titled and focused on its heading when reached by a link, even one deep in a shadow root', async () => {
    await open('/lijsten');
    expect(await page.title()).toBe('Lijsten · i-Learn');
    await page.evaluate(() => scrollTo(0, 400));
    await page.getByRole('link', { name: 'Bram De Smet' }).click();
    await heading('Formulieren').waitFor();
    expect(await page.title()).toBe('Formulieren · i-Learn');
    await expect.poll(focus).toBe('h1 Formulieren');
    expect(await page.locator('.il-announcer').textContent()).toBe('Formulieren');
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await heading('Lijsten').waitFor();
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
    expect(page.faults).toEqual([]);
  });

  it('keeps its element if only the query changes', async () => {
    await open('/lijsten?vak=wiskunde');
    await page.getByRole('button', { name: 'Splitsen: omlaag' }).click();
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = '/lijsten?vak=taal';
      link.textContent = 'Taal';
      document.body.append(link);
    });
    await page.getByRole('link', { name: 'Taal' }).click();
    await page.getByText('vak=taal').waitFor();
    expect(await page.getByText('Lezen Splitsen Filmpje').count()).toBe(1);
  });

  it('leaves addresses of the browser and the server to them', async () => {
    await open('/lijnen');
    const left = await page.evaluate(() => {
      const click = (href: string, change: (link: HTMLAnchorElement) => void = () => {}, init: MouseEventInit = {}) => {
        const link = document.createElement('a');
        link.href = href;
        change(link);
        document.body.append(link);
        const event = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...init });
        const seen = { taken: false };
        addEventListener(
          'click',
          (caught) => {
            seen.taken = caught.defaultPrevented;
            caught.preventDefault();
          },
          { once: true },
        );
        link.dispatchEvent(event);
        return seen.taken;
      };
      return {
        own: click('/formulieren'),
        other: click('https://example.org/'),
        api: click('/api/openapi.json'),
        tab: click('/lijnen', (link) => {
          link.target = '_blank';
        }),
        download: click('/lijnen', (link) => {
          link.download = 'x';
        }),
        modified: click('/lijnen', undefined, { ctrlKey: true }),
      };
    });
    expect(left).toEqual({ own: true, other: false, api: false, tab: false, download: false, modified: false });
  });
});

describe('access to pages', () => {
  it('starts at the first page of the navigation', async () => {
    await open('/');
    await heading('Lijnen').waitFor();
    expect(new URL(page.url()).pathname).toBe('/lijnen');
  });

  it('ux 4: starts at the start page if a plugin has a part for the person, first in the navigation', async () => {
    await open('/', { as: { ...teacher, permissions: ['quiet:read'] } });
    await heading('Dag Lien').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.title()).toBe('Vandaag · i-Learn');
    const links = page.getByRole('navigation', { name: 'Pagina’s' }).getByRole('link');
    expect(await links.first().textContent()).toContain('Vandaag');
    expect(await links.first().getAttribute('aria-current')).toBe('page');
    // Its only part has nothing to say.
    await page.getByRole('heading', { name: 'Niets dat op je wacht' }).waitFor();
    await nav('Lijsten').click();
    await heading('Lijsten').waitFor();
    await nav('Vandaag').click();
    await heading('Dag Lien').waitFor();
    await expect.poll(focus).toBe('h1 Dag Lien');
    expect(await axe(page)).toEqual([]);
  });

  it('ux 4: a part of the start page loads, fails and waits by itself; one without permission is not loaded', async () => {
    const asked: string[] = [];
    preview.session = { ...teacher, permissions: ['start:read'] };
    page = await openPage(browser, url);
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${url}/`);
    await page.getByText('Twee leerlingen lopen vast.').waitFor();
    // Two of another plugin fall over, one waits for its answer, and the rest is usable.
    expect(await page.getByText('Een onderdeel kon niet laden (unsteady).').count()).toBe(2);
    expect(await page.locator('extra-part-hangs il-skeleton').count()).toBe(1);
    expect(await page.getByText('Niets dat op je wacht').count()).toBe(0);
    await page.locator('extra-part-fails il-problem').waitFor();
    await page.locator('extra-part-fails').getByRole('button', { name: 'Probeer opnieuw' }).click();
    await page.getByText('Nu wel.').waitFor();
    const width = async (tag: string) => (await page.locator(tag).boundingBox())?.width ?? 0;
    expect(await width('extra-part-says')).toBeGreaterThan((await width('extra-part-hangs')) * 1.9);
    expect(asked.filter((address) => address.includes('not-for-this-person') || address.includes('/hidden/'))).toEqual([]);
    expect(page.faults).toEqual([]);
  });

  it('asks a visitor to sign in, and returns to the page', async () => {
    await open('/mijn?a=1', { as: null });
    expect(page.url()).toBe(`${url}/aanmelden?terug=%2Fmijn%3Fa%3D1`);
  });

  it('ux 7: a page of a module that is switched off says so, to a child in words for children, and the start page too', async () => {
    // Nobody has its permission while it is off.
    await open('/uitgezet');
    await heading('Dit werkt nu even niet').waitFor();
    await page.goto(`${url}/uitgezet/kind`);
    await heading('Dit werkt nu even niet').waitFor();
    await page.getByText('Vraag het aan je juf of meester').waitFor();
    expect(await page.getByText('absent').count()).toBe(0);
    const middle = async (part: string) => {
      const { y, height } = (await page.locator(`il-bar ${part}`).first().boundingBox()) ?? { y: Number.NaN, height: 0 };
      return y + height / 2;
    };
    // Also in the higher bar of a child, the logo is an i.
    expect((await middle('.word')) - (await middle('.dot'))).toBeGreaterThan(6);
    await open('/', { as: { ...teacher, permissions: ['quiet:read'] } });
    await page.getByText('Een deel van i-Learn ligt even stil.').waitFor();
    await open('/uitgezet', { as: null });
    expect(new URL(page.url()).pathname).toBe('/aanmelden');
  });

  it('tells a signed-in person that a page is not accessible, or does not exist', async () => {
    await open('/geheim');
    await heading('Deze pagina is niet voor jou').waitFor();
    await page.goto(`${url}/nergens`);
    await heading('Deze pagina bestaat niet').waitFor();
    await page.getByRole('link', { name: 'Naar het begin', exact: true }).click();
    await heading('Lijnen').waitFor();
  });

  it('leads to sign-in when a session ended while the page was open', async () => {
    await open('/lijnen');
    preview.session = null;
    preview.api.set('GET /api/gallery/late', (_, response) =>
      json(response, 401, { type: '/problems/unauthorised', title: 'No', status: 401 }),
    );
    void page.evaluate(`void import('@ilearn/ui').then(({ api }) => api.get('/api/gallery/late'))`);
    await page.waitForURL('**/aanmelden?reden=afgelopen&terug=%2Flijnen');
  });

  /** Types on a page, ends the session, and sends a change that fails for it. */
  const endWhileWorking = async (title: string) => {
    await open('/formulieren');
    const field = page.getByRole('textbox', { name: 'Naam van het pad' });
    await field.fill(title);
    preview.session = null;
    preview.api.set('PUT /api/gallery/work', (request, response) => {
      request.on('data', (data) => preview.session && sent.push(String(data)));
      request.on('end', () =>
        preview.session
          ? json(response, 200, { saved: true })
          : json(response, 401, { type: '/problems/sign-in-first', title: 'Sign in first', status: 401 }),
      );
    });
    await page.evaluate(
      `void import('@ilearn/ui').then(({ api }) => api.put('/api/gallery/work', { title: ${JSON.stringify(title)} })).then(({ saved }) => { window.saved = saved; })`,
    );
    await page.getByRole('alertdialog', { name: 'Meld je opnieuw aan' }).waitFor();
    return field;
  };
  /** What a tab notices when the user comes back to it. */
  const comeBack = () => page.evaluate(() => dispatchEvent(new Event('focus')));

  it('ux 8: a session that ends covers the page and keeps the work; the same person goes on, and what waited is saved', async () => {
    const field = await endWhileWorking('Breuken');
    expect(await field.isVisible()).toBe(false);
    expect(await heading('Formulieren').isVisible()).toBe(false);
    expect(await page.title()).toBe('Meld je opnieuw aan · i-Learn');
    expect(await page.getByText('Sign in first').count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('Escape');
    await comeBack();
    expect(await page.getByRole('alertdialog').isVisible()).toBe(true);
    preview.session = teacher;
    await comeBack();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('Breuken');
    await expect.poll(() => page.evaluate('window.saved')).toBe(true);
    expect(sent.at(-1)).toBe('{"title":"Breuken"}');
    await expect.poll(() => page.title()).toBe('Formulieren · i-Learn');
  });

  it('ux 8: somebody else who signs in finds nothing of the first person, and saves nothing of theirs', async () => {
    await endWhileWorking('Geheime nota');
    preview.session = { ...teacher, personId: '00000000-0000-4000-8000-000000000002', displayName: 'Iemand Anders' };
    await Promise.all([page.waitForURL('**/lijnen'), comeBack()]);
    await heading('Lijnen').waitFor();
    expect(await page.evaluate('window.saved')).toBeUndefined();
    expect(sent.join()).not.toContain('Geheime nota');
    expect(await page.getByText('Geheime nota').count()).toBe(0);
  });

  it('signs out', async () => {
    await open('/lijnen');
    await page.getByRole('button', { name: /Lien Vermeulen.*jouw menu/ }).click();
    await page.getByRole('menuitem', { name: 'Afmelden' }).click();
    await page.waitForURL('**/aanmelden');
    expect(preview.session).toBeNull();
    expect(await page.getByRole('button', { name: /jouw menu/ }).count()).toBe(0);
  });
});

describe('a plugin that fails', () => {
  it.each([
    ['throws when it is loaded', '/kapot', 'Deze pagina kon niet laden'],
    ['does not define its element', '/ontbreekt', 'Deze pagina kon niet laden'],
    ['is no longer on the server', '/weg', 'Er is een nieuwe versie'],
    ['cannot make its element', '/ongemaakt', 'Deze pagina kon niet laden'],
    ['is out of service', '/buiten-dienst', 'Dit werkt nu even niet'],
  ])('%s: the page says so, the rest works', async (_, path, title) => {
    await open(path);
    await heading(title).waitFor();
    expect(await page.getByRole('button', { name: 'Herlaad de pagina' }).count()).toBe(1);
    await nav('Lijsten').click();
    await heading('Lijsten').waitFor();
  });

  it('crashes later: the page names the plugin, the rest works', async () => {
    await open('/een-keer');
    await page.getByRole('button', { name: 'Druk' }).click();
    await heading('Deze pagina kon niet laden').waitFor();
    await page.getByText('Er zit een fout in dit onderdeel (shaky).').waitFor();
    await nav('Lijsten').click();
    await heading('Lijsten').waitFor();
  });

  it('fails repeatedly: it is disabled until the page is reloaded, including its working pages', async () => {
    await open('/lijnen');
    const go = async (path: string) => {
      await page.evaluate(`import('@ilearn/ui').then(({ navigate }) => navigate('${path}'))`);
      await page.waitForURL(`**${path}`);
    };
    for (let visit = 0; visit < 3; visit++) {
      await go('/ongemaakt');
      await page.getByText('Er zit een fout in dit onderdeel (shaky).').waitFor();
      await go('/lijnen');
      await heading('Lijnen').waitFor();
    }
    await go('/goed');
    await page.getByText('Het onderdeel shaky liep een paar keer vast').waitFor();
    await page.getByRole('button', { name: 'Herlaad de pagina' }).click();
    await page.getByText('rijen').waitFor();
  });

  it('loses only its place in another plugin’s page', async () => {
    await open('/lijsten');
    await page.getByText('Een onderdeel kon niet laden (extra).').waitFor();
    await page.getByText('5 rijen').waitFor();
    await expect.poll(() => page.getByText('Basisschool De Regenboog').count()).toBe(1);
    await page.getByRole('button', { name: 'Lezen: omhoog' }).click();
    await page.getByText('Lezen Splitsen').waitFor();
  });
});

describe('by keyboard', () => {
  it('skips to the content, and opens menus', async () => {
    await open('/lijnen');
    await page.keyboard.press('Tab');
    expect(await focus()).toContain('Naar de inhoud');
    await page.keyboard.press('Enter');
    expect(await focus()).toContain('main');
    await page.getByRole('button', { name: /Taal: / }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Français' }).waitFor();
    await expect.poll(focus).toMatch(/^wa-dropdown-item .*Nederlands/s);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('fr');
    await nav('Lines').waitFor();
    expect(sent.at(-1)).toBe('{"language":"fr"}');
    await page.reload();
    await nav('Lines').waitFor();
    expect(page.faults).toEqual([]);
  });

  it('opens the navigation on a narrow screen, and closes it with Escape', async () => {
    await open('/lijnen', { viewport: { width: 390, height: 800 } });
    const button = page.getByRole('button', { name: 'Toon de pagina’s' });
    await button.focus();
    await page.keyboard.press('Enter');
    await nav('Lijsten').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focus()).toContain('Toon de pagina’s');
    await button.click();
    await nav('Lijsten').click();
    await heading('Lijsten').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it.each([
    1280, 390,
  ])('shows a person with many pages a menu on a child’s page, %i px wide, because tabs would not fit', async (width) => {
    await open('/lijnen/1', { viewport: { width, height: 800 }, as: { ...teacher, permissions: ['many:read'] } });
    const menu = page.getByRole('button', { name: 'Toon de pagina’s' });
    await menu.waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await page.getByRole('navigation', { name: 'Pagina’s' }).count()).toBe(0);
    await menu.click();
    expect(await page.getByRole('dialog').getByRole('link').count()).toBe(11);
    await nav('Formulieren').click();
    await heading('Formulieren').waitFor();
  });

  it('shows pages about oneself in the person’s own menu, not in the navigation', async () => {
    await open('/lijnen', { as: { ...teacher, permissions: ['many:read'] } });
    await nav('Lijsten').first().waitFor();
    expect(await nav('Geheim').count()).toBe(0);
    await page.getByRole('button', { name: /jouw menu/ }).click();
    await page.getByRole('menuitem', { name: 'Geheim' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/over-mij');
  });

  it('remembers the chosen theme', async () => {
    await open('/lijnen', { colorScheme: 'light' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole('button', { name: /^Weergave/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Donker' }).click();
    await expect.poll(paper).not.toBe(light);
    await page.reload();
    expect(await paper()).not.toBe(light);
  });
});

describe('unsaved work', () => {
  it('is not lost by a link or the back button without a question', async () => {
    await open('/lijnen');
    await nav('Formulieren').click();
    await heading('Formulieren').waitFor();
    await page.getByRole('textbox', { name: 'Naam van het pad' }).fill('Breuken');
    /** Back over an entry that the browser made itself. */
    const pastAnchor = async () => {
      await page.evaluate(() => location.assign('#naam'));
      await page.evaluate(() => history.go(-2));
    };
    for (const leave of [() => nav('Lijsten').click(), () => page.evaluate(() => history.back()), pastAnchor]) {
      await leave();
      await page.getByRole('alertdialog', { name: 'Weggaan zonder te bewaren?' }).waitFor();
      await page.getByRole('button', { name: 'Blijf hier' }).click();
      expect(await heading('Formulieren').count()).toBe(1);
      expect(new URL(page.url()).pathname).toBe('/formulieren');
    }
    await nav('Lijsten').click();
    await page.getByRole('button', { name: 'Ga weg' }).click();
    await heading('Lijsten').waitFor();
  });
});

describe('the server', () => {
  it('that cannot tell who is signed in is asked again', async () => {
    preview.api.set('GET /api/kernel/session', (_, response) =>
      json(response, 500, { type: '/problems/internal', title: 'x', status: 500, requestId: 'r-1' }),
    );
    await open('/lijnen');
    await heading('Deze pagina kon niet laden').waitFor();
    await page.getByText('r-1').waitFor();
    preview.api.delete('GET /api/kernel/session');
    await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
    await heading('Lijnen').waitFor();
  });
});
