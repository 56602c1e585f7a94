import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildFixtures, closePage, fontsOf, launch, openPage, type WatchedPage } from './browser.js';
import { pages } from './fixtures/gallery/pages.js';
import { Preview } from './preview.js';

let browser: Browser;
let preview: Preview;
let url: string;
let page: WatchedPage;
let fixtures: Awaited<ReturnType<typeof buildFixtures>>;

beforeAll(async () => {
  [fixtures, browser] = await Promise.all([buildFixtures('gallery'), launch()]);
  preview = new Preview([
    { id: 'gallery', entry: fixtures.entry('gallery'), messages: `${fixtures.folder}/gallery/messages`, pages },
  ]);
  url = await preview.start();
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await fixtures?.remove();
});
const open = async (path: string) => {
  page = await openPage(browser, url);
  await page.goto(url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
};
afterEach(() => closePage(page));

/** Without the space that tells a repeated announcement from the one before. */
const announced = async () => (await page.locator('.il-announcer').textContent())?.trim();

describe('<il-page-head>', () => {
  const box = async (selector: string) => {
    const found = await page.locator('il-page-head').locator(selector).first().boundingBox();
    return found ?? { x: Number.NaN, y: Number.NaN, width: Number.NaN, height: Number.NaN };
  };
  const title = 'Verbindingswoordenspellingsoefeningen '.repeat(3);

  it('ux 24: has back link, title and actions on one line, the facts below, and the focus where a page moves it', async () => {
    await open('/lijsten');
    const [back, heading, action, facts] = [
      await box('a.back span'),
      await box('h1'),
      await box('wa-button'),
      await box('p.facts'),
    ];
    const middle = heading.y + heading.height / 2;
    for (const part of [back, action]) expect(Math.abs(part.y + part.height / 2 - middle)).toBeLessThan(8);
    expect(back.x).toBeLessThan(heading.x);
    expect(facts.y).toBeGreaterThan(heading.y + heading.height);
    await page.locator('il-page-head').evaluate((head: HTMLElement) => head.focus());
    expect(await page.locator('il-page-head h1').evaluate((it) => it.matches(':focus'))).toBe(true);
  });

  it('ux 24: gives each part a line of its own on a telephone, also with a long title', async () => {
    await open(`/lijsten?titel=${encodeURIComponent(title)}`);
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const parts = [await box('a.back'), await box('h1'), await box('p.facts'), await box('wa-button')];
      for (const [index, part] of parts.entries()) {
        expect(part.x + part.width).toBeLessThanOrEqual(width);
        const above = parts[index - 1];
        if (above) expect(part.y).toBeGreaterThan(above.y + above.height / 2);
      }
    }
  });

  it('ux 24: a page is centred beside the navigation, and uses a screen of 1920 px', async () => {
    await open('/lijsten');
    await page.setViewportSize({ width: 1920, height: 1000 });
    const [main, content] = await Promise.all([page.locator('main').boundingBox(), page.locator('main .page').boundingBox()]);
    if (main === null || content === null) throw new Error('no page');
    expect(content.width).toBeGreaterThan(1300);
    expect(content.x - main.x).toBeCloseTo(main.x + main.width - content.x - content.width, 0);
  });
});

describe('<il-sortable>', () => {
  const order = () => page.locator('output').first().textContent();

  it('moves a row with its buttons, keeps the focus on it, and announces its new position', async () => {
    await open('/lijsten');
    await page.getByRole('button', { name: 'Splitsen: omlaag' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(order).toBe('Lezen Splitsen Filmpje Betalen Markt');
    await expect.poll(announced).toBe('Splitsen staat nu op plaats 2 van 5.');
    await page.keyboard.press('Enter');
    await expect.poll(order).toBe('Lezen Filmpje Splitsen Betalen Markt');
    expect(await page.getByRole('button', { name: 'Lezen: omhoog' }).isDisabled()).toBe(true);
    expect(await page.getByRole('list', { name: 'Stappen' }).getByRole('listitem').count()).toBe(5);
  });

  it('moves a row by dragging its handle, and puts it back on Escape', async () => {
    await open('/lijsten');
    const handles = page.locator('.handle');
    const grip = async (index: number) => {
      const box = await handles.nth(index).boundingBox();
      return { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
    };
    const drag = async (from: number, to: number) => {
      const [start, end] = [await grip(from), await grip(to)];
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y + (to > from ? 8 : -8), { steps: 6 });
      // The row follows at the next frame.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    };
    await drag(0, 3);
    await page.mouse.up();
    await expect.poll(order).toBe('Lezen Filmpje Betalen Splitsen Markt');
    await expect.poll(announced).toBe('Splitsen staat nu op plaats 4 van 5.');
    await drag(4, 0);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await order()).toBe('Lezen Filmpje Betalen Splitsen Markt');
    await drag(4, 0);
    await page.mouse.up();
    await expect.poll(order).toBe('Markt Lezen Filmpje Betalen Splitsen');
    expect(page.faults).toEqual([]);
  });
});

describe('<il-combobox>', () => {
  const field = () => page.getByRole('combobox', { name: 'School', exact: true });
  const chosen = () => page.locator('output').textContent();

  it('finds by typing, ignoring accents, and selects by keyboard', async () => {
    await open('/formulieren');
    await field().focus();
    expect(await field().getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.type('GÉNT');
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await expect.poll(announced).toBe('1 resultaat');
    expect(await field().getAttribute('aria-expanded')).toBe('true');
    expect(await field().getAttribute('aria-activedescendant')).toBeNull();
    await page.keyboard.press('ArrowDown');
    expect(await field().getAttribute('aria-activedescendant')).toBe('option-0');
    await page.keyboard.press('Enter');
    await expect.poll(chosen).toBe('1');
    expect(await field().inputValue()).toBe('Basisschool De Regenboog');
    expect(await page.getByRole('option').count()).toBe(0);
  });

  it('restores the value if what was typed was not chosen, and clears with its button', async () => {
    await open('/formulieren');
    await field().click();
    await page.getByRole('option', { name: /Sint-Jozef/ }).click();
    await expect.poll(chosen).toBe('2');
    await field().fill('zomaar iets');
    await page.locator('.note', { hasText: 'Niets gevonden' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await field().inputValue()).toBe('Sint-Jozefscollege');
    await field().fill('brug');
    await page.keyboard.press('Tab');
    expect(await field().inputValue()).toBe('Sint-Jozefscollege');
    await page.getByRole('button', { name: 'School: leegmaken' }).click();
    await expect.poll(chosen).toBe('');
  });

  it('loads options from elsewhere, and reports a failure', async () => {
    await open('/formulieren');
    const remote = page.getByRole('combobox', { name: 'School, van elders' });
    await remote.fill('vlieger');
    await page.getByRole('option', { name: /De Vlieger/ }).waitFor();
    await remote.fill('kapot');
    await page.locator('.note', { hasText: 'Zoeken lukte niet' }).waitFor();
    await remote.fill('atheneum');
    await page.getByRole('option', { name: /atheneum/ }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect(await remote.inputValue()).toBe('GO! atheneum Brugge');
  });
});

describe('<il-icon>', () => {
  it('draws an icon that does not come with the shell once it has arrived, an everyday name, and a circle for an unknown name', async () => {
    await open('/lijnen');
    await page.locator('gallery-lines-page').evaluate((element) => {
      for (const name of ['rocket', 'help', 'no-such-icon']) {
        const icon = Object.assign(document.createElement('il-icon'), { name });
        icon.dataset['probe'] = name;
        element.shadowRoot?.querySelector('.page')?.append(icon);
      }
    });
    const parts = (name: string) =>
      page
        .locator(`[data-probe=${name}] svg`)
        .evaluate((svg) => [...svg.children].map((part) => part.localName + (part.getAttribute('r') ?? '')));
    await expect.poll(async () => (await parts('rocket')).length).toBeGreaterThan(1);
    expect(await parts('help')).toContain('circle10');
    await expect.poll(() => parts('no-such-icon')).toEqual(['circle9']);
  });
});

describe('digits', () => {
  it('ux 10: have a plain zero in texts and headings, as wide as the other, and a slashed one in codes and passwords only', async () => {
    await open('/lijnen');
    await page.locator('gallery-lines-page').evaluate((element) => {
      const add = (tag: string, name: string, text: string) => {
        const made = Object.assign(document.createElement(tag), { className: name, textContent: text });
        element.shadowRoot?.querySelector('.page')?.append(made);
      };
      for (const [tag, name] of [
        ['h2', 'probe-heading'],
        ['p', 'probe-text'],
        ['em', 'probe-slanted'],
        ['span', 'probe-table number'],
        ['span', 'probe-code code'],
        ['span', 'probe-code-table number code'],
      ] as const)
        add(tag, name, '100');
    });
    await page.evaluate(() => document.fonts.ready);
    const plain = 'i-Learn Plain Zero';
    for (const name of ['heading', 'text', 'slanted', 'table']) {
      await expect.poll(() => fontsOf(page, page.locator(`.probe-${name}`)), name).toMatchObject({ [plain]: 2 });
    }
    expect(await fontsOf(page, page.locator('.probe-code'))).toEqual({ 'Atkinson Hyperlegible Next': 3 });
    const width = (name: string) => page.locator(name).evaluate((element) => element.getBoundingClientRect().width);
    expect(await width('.probe-table')).toBe(await width('.probe-code-table'));
  });
});

describe('<il-line>', () => {
  it('is an ordered list that states every state in words, at each size', async () => {
    await open('/lijnen/1');
    const line = page.getByRole('list', { name: 'Rekenen met geld' });
    expect(await line.getByRole('listitem').count()).toBe(6);
    expect(await line.getByRole('link').count()).toBe(5);
    const next = line.getByRole('link', { name: 'Start: Betalen en teruggeven', exact: true });
    expect(await next.getAttribute('aria-current')).toBe('step');
    expect(await line.getByRole('listitem').nth(3).textContent()).toMatch(
      /Betalen en teruggeven, oefening, hier ga je verder\..*Rekentuin · 15 min/s,
    );
    const locked = line.getByRole('listitem').last();
    expect(await locked.getByRole('link').count()).toBe(0);
    expect(await locked.textContent()).toMatch(/Eindoefening, oefening, nog niet open\..*Gaat open als/s);
    await page.goto(`${url}/lijnen`);
    await page.getByRole('img', { name: 'Pad 1: 2 van 6 klaar' }).waitFor();
  });

  it('ux 25: reads out a kind only where a station has one, and tells one reason for several locked stations', async () => {
    await open('/lijnen/1');
    const said = await page.evaluate(async () => {
      const line = Object.assign(document.createElement('il-line'), { size: 'large' });
      const locked = { state: 'locked' as const, reason: 'Eerst dit' };
      line.stations = [
        { label: 'Kies', state: 'todo' },
        { label: 'A', kind: 'text', ...locked },
        { label: 'B', kind: 'text', ...locked },
      ];
      document.body.append(line);
      await line.updateComplete;
      return [...(line.shadowRoot?.querySelectorAll('.text') ?? [])].map((text) => text.textContent?.replace(/\s+/g, ' ').trim());
    });
    expect(said).toEqual(['Kies, nog te doen.', 'A, tekst, nog niet open. Eerst dit', 'B, tekst, nog niet open.']);
  });

  it('moves its train to the next station in at most 250 ms, and not at all where motion is unwanted', async () => {
    const travels = async (reducedMotion: 'reduce' | 'no-preference') => {
      await page.emulateMedia({ reducedMotion });
      return page.evaluate(async () => {
        const line = Object.assign(document.createElement('il-line'), { size: 'large' });
        const [first, second] = [
          { label: 'Een', kind: 'lti' as const },
          { label: 'Twee', kind: 'text' as const },
        ];
        line.stations = [
          { ...first, state: 'next' },
          { ...second, state: 'locked' },
        ];
        document.body.append(line);
        await line.updateComplete;
        line.stations = [
          { ...first, state: 'done' },
          { ...second, state: 'next' },
        ];
        await line.updateComplete;
        const moving = line.shadowRoot?.querySelector('.train')?.getAnimations() ?? [];
        return moving.map((animation) => animation.effect?.getComputedTiming().duration);
      });
    };
    await open('/lijnen/1');
    expect(await travels('no-preference')).toEqual([250]);
    expect(await travels('reduce')).toEqual([]);
  });

  it('lets a listener handle activation, and turns stations without an address into buttons once someone listens', async () => {
    await open('/lijnen/1');
    const heard = await page.evaluate(async () => {
      const line = document.createElement('il-line');
      line.stations = [
        { label: 'Een', kind: 'lti', state: 'next', href: '/lijnen' },
        { label: 'Twee', kind: 'text', state: 'todo' },
        { label: 'Drie', kind: 'text', state: 'locked' },
      ];
      document.body.append(line);
      await line.updateComplete;
      const before = line.shadowRoot?.querySelectorAll('button').length;
      const heard: number[] = [];
      line.addEventListener('il-station-click', (event) => {
        heard.push((event as CustomEvent<{ index: number }>).detail.index);
        event.preventDefault();
      });
      await line.updateComplete;
      line.shadowRoot?.querySelector('a')?.click();
      line.shadowRoot?.querySelector('button')?.click();
      return { before, buttons: line.shadowRoot?.querySelectorAll('button').length, heard, path: location.pathname };
    });
    expect(heard).toEqual({ before: 0, buttons: 1, heard: [0, 1], path: '/lijnen/1' });
  });
});

describe('<il-ear>', () => {
  /** Headless browsers have no voices, so this stands for a device that has some. It remembers what is said. */
  const withVoices = (names: { lang: string; localService: boolean }[]) =>
    page.addInitScript((voices) => {
      class Utterance extends EventTarget {
        constructor(readonly text: string) {
          super();
        }
      }
      const said: string[] = [];
      const speech = Object.assign(new EventTarget(), {
        getVoices: () => voices,
        speak: ({ text }: Utterance) => said.push(text),
        cancel: () => said.push('(stil)'),
      });
      Object.defineProperty(globalThis, 'speechSynthesis', { value: speech });
      Object.assign(globalThis, { SpeechSynthesisUtterance: Utterance, said });
    }, names);
  const said = () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);

  it('ux 20: reads aloud with a voice of the device, and is silent when pressed again or removed', async () => {
    page = await openPage(browser, url);
    await withVoices([
      { lang: 'nl-BE', localService: true },
      { lang: 'fr-BE', localService: false },
    ]);
    await page.goto(`${url}/lijnen/1`);
    const ear = page.getByRole('button', { name: 'Luister naar “Betalen en teruggeven”' });
    await ear.click();
    expect(await ear.getAttribute('aria-pressed')).toBe('true');
    expect(await said()).toEqual(['(stil)', 'Betalen en teruggeven']);
    await ear.click();
    expect(await ear.getAttribute('aria-pressed')).toBe('false');
    await ear.click();
    await page.locator('il-ear').evaluate((element) => element.remove());
    expect((await said()).slice(2)).toEqual(['(stil)', '(stil)', 'Betalen en teruggeven', '(stil)']);
    expect(page.faults).toEqual([]);
  });

  it('is hidden without a voice for the language, and never uses one that sends the text away', async () => {
    page = await openPage(browser, url);
    await withVoices([
      { lang: 'nl-NL', localService: false },
      { lang: 'fr-BE', localService: true },
    ]);
    await page.goto(`${url}/lijnen/1`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('il-ear').isVisible()).toBe(false);
    await page.locator('il-ear').evaluate((element) => Object.assign(element, { language: 'fr' }));
    await page.locator('il-ear button').waitFor();
  });
});

describe('<il-markdown>', () => {
  it('shows text, and removes unsafe content', async () => {
    await open('/lijsten');
    await page.getByRole('heading', { level: 2, name: 'Zelf proberen' }).waitFor();
    const link = page.getByRole('link', { name: 'Wikipedia' });
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await page.getByText('Afbeelding van een andere website, niet getoond: spoor').count()).toBe(1);
    expect(await page.locator('il-markdown img, il-markdown script').count()).toBe(0);
    expect(await page.getByText('klik').getAttribute('href')).toBeNull();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(page.faults).toEqual([]);
  });

  it.each([
    ['<svg><a xlink:href="javascript:hacked()"><text y="9">x</text></a></svg>'],
    ['<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hacked()&gt;">'],
    ['<iframe srcdoc="<script>parent.hacked=1</script>"></iframe><form action="https://example.org"><input name=a></form>'],
    ['[x](javascript:hacked())  [y](data:text/html,<script>hacked()</script>)  [z](//example.org/x)'],
    ['<style>body{display:none}</style><p style="position:fixed" class="page" id="main" onclick="hacked()">x</p>'],
    ['<img src="//example.org/a.png"><img srcset="https://example.org/b.png"><video poster="https://example.org/c.png" src="x">'],
    ['![p](data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmhhY2tlZCgpPC9zY3JpcHQ+PC9zdmc+)'],
  ])('neutralises %s', async (source) => {
    await open('/lijsten');
    const left = await page.evaluate(async (markdown) => {
      const element = document.createElement('il-markdown');
      element.source = markdown;
      document.body.append(element);
      while (!element.shadowRoot?.querySelector('.text')) await new Promise((resolve) => setTimeout(resolve, 10));
      return element.shadowRoot?.querySelector('.text')?.innerHTML ?? '';
    }, source);
    expect(left).not.toMatch(
      /javascript:|data:text|svg|iframe|<form|<input|<style|style=|\sid=|\son\w+=|example\.org\/[abc]|\/\/example/i,
    );
    expect(page.faults).toEqual([]);
  });
});

describe('content D5, D13: formulas and pictures in a text', () => {
  const drawn = (source: string) =>
    page.evaluate(async (markdown) => {
      const element = document.createElement('il-markdown');
      element.source = markdown;
      document.body.append(element);
      while (!element.shadowRoot?.querySelector('.text')) await new Promise((resolve) => setTimeout(resolve, 10));
      return (element.shadowRoot?.querySelector('.text')?.innerHTML ?? '').replace(/<!--.*?-->/g, '');
    }, source);

  it('content D5: a formula is rendered by the browser', async () => {
    await open('/lijsten');
    const formula = '<math><msub><mi>u</mi><mi>n</mi></msub><mspace width="0.1667em"/><mo>&#42;</mo></math>';
    expect(await drawn(`Rij ${formula} *nadruk* ${formula}`)).toBe(
      `<p>Rij ${formula.replace('/>', '></mspace>').replace('&#42;', '*')} <em>nadruk</em> ${formula.replace('/>', '></mspace>').replace('&#42;', '*')}</p>\n`,
    );
  });

  it('a formula from an untrusted author stays small, and has no links', async () => {
    await open('/lijsten');
    const left = await drawn(
      '<math href="https://example.org" style="position:fixed"><mpadded voffset="-999em" width="99999px" lspace="-50em"><mtext href="https://example.org" onclick="hacked()">x</mtext></mpadded><maction actiontype="statusline">y</maction><annotation-xml encoding="text/html"><img src=x onerror=hacked()></annotation-xml></math>',
    );
    expect(left).not.toMatch(/href|style|voffset|width|lspace|onclick|maction|annotation|<img/);
  });

  it('content D12: the language of a part of a text is kept, also in cells of a table', async () => {
    await open('/lijsten');
    expect(await drawn('<div lang="en">\n\nHello\n\n</div>')).toContain('<div lang="en">');
    expect(await drawn('<table><tr><td colspan="2">x</td></tr></table>')).toContain('<td colspan="2">');
  });

  it('content D13: a picture in the text is shown; a missing one is not described as another website’s', async () => {
    await open('/lijsten');
    const data = 'data:image/png;base64,iVBORw0KGgo=';
    expect(await drawn(`![spoor](${data})`)).toContain(`<img src="${data}" alt="spoor" loading="lazy">`);
    expect(await drawn('<img src="img/x.png" alt="graaf"> ![](embed/y.png)')).toMatch(
      /Afbeelding die niet bij deze tekst hoort: graaf.*Afbeelding die niet bij deze tekst hoort: –/,
    );
    expect(await drawn('![x](https://example.org/x.png) ![y](//example.org/y.png)')).toMatch(
      /andere website, niet getoond: x.*andere website, niet getoond: y/,
    );
  });

  it.each([
    ['quotes in quotes', '>', 100_000],
    ['lists in lists', '1. ', 50_000],
    ['deep indents', `${'  '.repeat(300)}- a\n`, 500],
    ['emphasis without end', '*a**b ', 80_000],
    ['brackets', '![', 100_000],
    ['tags', '<a <', 100_000],
    ['cells', '|a', 100_000],
  ])('a hostile text leaves the page usable: %s', async (_what, piece, times) => {
    await open('/lijsten');
    // What takes time by the square of the length would outlast the test.
    expect((await drawn(piece.repeat(times))).length).toBeGreaterThan(times);
  });
});

describe('attack 13: an address that a text makes the browser load without a click', () => {
  const material = '/api/library/materials/7f2c7c1e-9a2b-4c53-8a5e-0d9d6f1b2a3c';
  const own = ['/assets/x.png', '/assets/a/b.png?v=1', '/assets/a/../b.png', material];
  const foreign = [
    '/api/kernel/privacy/export',
    '/api/lti/auth?x',
    `${material}/../../activities`,
    '/api/library/materials/all',
    '/health/ready',
    '/assets/../api/kernel/session',
    '/assets/%2e%2e/api/kernel/session',
    '/assets\\..\\api/kernel/session',
    '/assets',
    '/assets//../../api/x',
    '/Assets/../api/x',
    '/\t/evil.example/assets/a.png',
    '\\\\evil.example/assets/a.png',
    '//evil.example/assets/a.png',
    'https://evil.example/assets/a.png',
    'blob:x',
    'data:image/svg+xml;base64,AAAA',
    'relative.png',
    '?x',
    '#x',
    '',
  ];
  const tags: ((address: string) => string)[] = [
    (address) => `![p](<${address}>)`,
    (address) => `<img src="${address}">`,
    (address) => `<img srcset="${address} 2x" src="">`,
    (address) => `<picture><source srcset="${address}"><img></picture>`,
    (address) => `<video src="${address}" poster="${address}" autoplay></video><audio src="${address}" autoplay></audio>`,
    (address) => `<iframe src="${address}"></iframe><object data="${address}"></object><embed src="${address}">`,
    (address) => `<link rel="stylesheet" href="${address}"><link rel="prefetch" href="${address}"><base href="${address}">`,
    (address) => `<table background="${address}"><tr><td background="${address}">x</td></tr></table>`,
    (address) => `<p style="background:url(${address})">x</p><style>@import "${address}";</style>`,
    (address) => `<svg><image href="${address}"/><use href="${address}"/></svg><input type="image" src="${address}">`,
    (address) =>
      `<a ping="${address}" href="#">x</a><q cite="${address}">x</q><meta http-equiv="refresh" content="0;url=${address}">`,
  ];

  it('is that of a picture of the portal, or removed', async () => {
    await open('/lijsten');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const texts = foreign.flatMap((address) => tags.map((tag) => tag(address))).concat(own.map((address) => `![p](${address})`));
    const left = await page.evaluate(async (markdowns) => {
      const html: string[] = [];
      for (const markdown of markdowns) {
        const element = document.createElement('il-markdown');
        element.source = markdown;
        document.body.append(element);
        while (!element.shadowRoot?.querySelector('.text')) await new Promise((resolve) => setTimeout(resolve, 1));
        for (const image of element.shadowRoot.querySelectorAll('img')) {
          image.loading = 'eager';
          html.push(image.getAttribute('src') ?? '');
        }
      }
      return html;
    }, texts);
    await page.waitForTimeout(200);
    expect(left).toEqual(['/assets/x.png', '/assets/a/b.png', '/assets/b.png', material]);
    const paths = asked.map((url) => new URL(url)).map(({ host, pathname }) => (host.includes('evil') ? host : pathname));
    expect(paths.filter((path) => !path.startsWith('/assets/') && path !== material)).toEqual([]);
  });
});

describe('<il-pager>', () => {
  const pager = (name: string) => page.getByRole('navigation', { name });

  it('changes pages by keyboard, announces the page, and keeps the focus if there is no further one', async () => {
    await open('/toestanden');
    const list = pager('Pagina’s van de lijst');
    const next = list.getByRole('button', { name: 'Volgende' });
    await next.focus();
    await page.keyboard.press('Enter');
    await list.getByText('Pagina 3 van 3').waitFor();
    expect(await list.locator('[aria-live]').textContent()).toBe('Pagina 3 van 3');
    expect(await next.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await list.textContent()).toContain('Pagina 3 van 3');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await list.getByText('Pagina 2 van 3').waitFor();
    expect(await next.getAttribute('aria-disabled')).toBe('false');
  });

  it('consists of links if pages have addresses', async () => {
    await open('/toestanden');
    const addresses = await pager('Berichten')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(addresses).toEqual(['/toestanden?blad=1', '/toestanden?blad=3']);
  });
});

describe('<il-truncated>', () => {
  it('says that there are more, and nothing if all are shown', async () => {
    await open('/toestanden');
    const texts = () =>
      page.locator('il-truncated').evaluateAll((all) => all.map((each) => each.shadowRoot?.textContent?.trim()));
    await expect.poll(texts).toEqual(['Je ziet er hier 2.000, maar er zijn er nog meer.', '']);
  });
});

describe('dialogs and notifications', () => {
  it('keeps the focus inside a dialog, and treats Escape as no', async () => {
    await open('/toestanden');
    const ask = page.getByRole('button', { name: 'Verwijderen…' });
    await ask.click();
    const dialog = page.getByRole('alertdialog', { name: 'Dit pad verwijderen?' });
    await dialog.waitFor();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('output').first().textContent()).toBe('nee');
    expect(await dialog.count()).toBe(0);
    await ask.click();
    await page.getByRole('button', { name: 'Verwijder het pad' }).click();
    await expect.poll(() => page.locator('output').first().textContent()).toBe('ja');
  });

  /** The text of what has the focus, inside whatever shadow roots. */
  const focus = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const host = element?.getRootNode() instanceof ShadowRoot ? (element.getRootNode() as ShadowRoot).host : null;
      const shown = host?.localName.startsWith('wa-') ? host : element;
      return (shown?.getAttribute('label') ?? shown?.getAttribute('aria-label') ?? shown?.textContent ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    });
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };

  /** Lets the field of the dialog `Laat` appear. */
  const arrive = () => page.evaluate(() => dispatchEvent(new Event('gallery-arrive')));

  it('ux 13: a dialog starts at its first field, even one that arrives late, else at its heading, and gives the focus back', async () => {
    await open('/dialogen');
    for (const [opener, start, heading] of [
      ['Velden', 'Naam', 'Met velden'],
      ['Laat', 'Klas', 'Laadt nog'],
      ['Tekst', 'Alleen tekst', 'Alleen tekst'],
    ] as const) {
      await press(opener);
      await page.getByRole('dialog', { name: heading }).waitFor();
      if (opener === 'Laat') await arrive();
      await expect.poll(focus).toBe(start);
      await page.keyboard.press('Escape');
      await expect.poll(focus).toBe(opener);
    }
  });

  it('ux 13: a field that arrives late does not take the focus from somebody who moved on', async () => {
    await open('/dialogen');
    await press('Laat');
    await page.getByRole('dialog').waitFor();
    await expect.poll(focus).toBe('Laadt nog');
    await page.keyboard.press('Tab');
    await arrive();
    await page.getByLabel('Klas').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await focus()).toBe('Sluit');
  });

  it('ux 13: whose opener is gone, gives the focus to the button of the menu, the dialog below or the heading of the page', async () => {
    await open('/dialogen');
    await press('Meer');
    await page.getByRole('menuitem', { name: 'Uitleg' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Alleen tekst' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focus).toBe('Meer');
    await press('Genest');
    await press('Begin opnieuw');
    await page.getByRole('alertdialog').waitFor();
    await expect.poll(focus).toBe('Annuleer');
    await page.keyboard.press('Escape');
    await expect.poll(focus).toBe('Begin opnieuw');
    await press('Zet op klaar');
    await expect.poll(focus).toBe('Onderaan');
    await page.keyboard.press('Escape');
    await expect.poll(focus).toBe('Genest');
    await press('Weg: Emma');
    await press('Verwijder');
    await expect.poll(focus).toBe('Dialogen');
    // While it saves, a button is disabled and the browser takes the focus away.
    await press('Bewaar');
    await expect.poll(() => page.getByRole('button', { name: 'Bewaar', exact: true }).isDisabled()).toBe(true);
    await expect.poll(focus).toBe('Bewaar');
  });

  it('shows messages in a live region; errors stay until they are closed', async () => {
    await open('/toestanden');
    await page.getByRole('button', { name: 'Mislukken' }).click();
    const region = page.locator('il-toasts');
    expect(await region.getAttribute('aria-live')).toBe('polite');
    await region.getByText('Bewaren lukte niet.').waitFor();
    await region.getByRole('button', { name: 'Sluit' }).click();
    await expect.poll(() => region.getByText('Bewaren lukte niet.').count()).toBe(0);
  });
});

describe('the helpers', () => {
  it('send, parse and fail as documented', async () => {
    await open('/toestanden');
    const bodies: string[] = [];
    preview.api.set('POST /api/gallery/rows', (request, response) => {
      request.on('data', (data) => bodies.push(`${request.headers['content-type']} ${data}`));
      request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":7}'));
    });
    preview.api.set('GET /api/gallery/rows', (request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.url)),
    );
    preview.api.set('DELETE /api/gallery/rows', (_, response) => response.writeHead(204).end());
    preview.api.set('PUT /api/gallery/rows', (_, response) =>
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: '/problems/invalid',
          title: 'Bad',
          status: 422,
          errors: [{ in: 'body', pointer: '/title', message: 'leeg' }],
        }),
      ),
    );
    const got =
      await page.evaluate(`import('@ilearn/ui').then(async ({ api, ApiProblem, formatMinutes, formatDate, lineColourOf }) => ({
      created: await api.post('/api/gallery/rows', { a: 1 }),
      url: await api.get('/api/gallery/rows', { query: { q: 'één & twee', page: 2, none: null, empty: '', tag: ['a', 'b'] } }),
      gone: (await api.delete('/api/gallery/rows')) === undefined,
      problem: await api.put('/api/gallery/rows', {}).catch((p) => [p instanceof ApiProblem, p.status, p.type, p.errorAt('/title')]),
      html: await api.get('/lijnen').then((text) => typeof text),
      aborted: await api.get('/api/gallery/rows', { signal: AbortSignal.abort() }).catch((error) => error.name),
      minutes: [5, 59.6, 90, 125, null].map((m) => formatMinutes(m)),
      dates: [formatDate('2026-09-03'), formatDate('2026-09-03', 'long'), formatDate('nonsense'), formatDate(null)],
      stable: lineColourOf('wiskunde') === '1' && lineColourOf(null) === '8',
    }))`);
    expect(got).toEqual({
      created: { id: 7 },
      url: '/api/gallery/rows?q=%C3%A9%C3%A9n+%26+twee&page=2&tag=a&tag=b',
      gone: true,
      problem: [true, 422, '/problems/invalid', 'leeg'],
      html: 'string',
      aborted: 'AbortError',
      minutes: ['5 min', '1 u', '1 u 30', '2 u 05', ''],
      dates: ['3 sep 2026', 'donderdag 3 september 2026', '', ''],
      stable: true,
    });
    expect(bodies).toEqual(['application/json {"a":1}']);
  });

  it('distinguishes a lost connection from a refusal', async () => {
    await open('/toestanden');
    await page.context().setOffline(true);
    const problem = await page.evaluate(
      `import('@ilearn/ui').then(({ api }) => api.get('/api/gallery/rows')).catch(({ status, title }) => [status, title])`,
    );
    await page.context().setOffline(false);
    expect(problem).toEqual([0, 'Geen verbinding']);
  });
});
