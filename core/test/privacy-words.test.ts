import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchPortal, type ScratchPortal } from '../dist/authoring/check/scratch-portal.js';
import { loadSubject } from '../dist/authoring/check/subject.js';
import type { PrivatePlugin } from '../dist/privacy/person-table.js';
import { PrivacyTexts } from '../dist/privacy/privacy-texts.js';
import { readableRegister } from '../dist/privacy/register/readable-register.js';
import { registerPage } from '../dist/privacy/register/register-page.js';
import { exportOf } from './support/exports.js';

type Language = 'nl' | 'en' | 'fr';
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const plugins = readdirSync(join(root, 'plugins')).map((name) => join(root, 'plugins', name));
const pages: Record<'export' | 'register', Record<Language, string>> = {
  export: { nl: '', en: '', fr: '' },
  register: { nl: '', en: '', fr: '' },
};
let portal: ScratchPortal;
let all: PrivatePlugin[];

/** Every plugin here, with rows about somebody in each of its tables. */
beforeAll(async () => {
  const subjects = await Promise.all(plugins.map((folder) => loadSubject(folder, root)));
  portal = await openScratchPortal(
    subjects.map(({ definition }) => definition),
    { uiFolder: null },
  );
  await portal.fill();
  const { privacy, runner } = portal.platform.platform;
  const { person } = portal.own;
  await runner.run({}, (frame) => privacy.note(frame, 'ilearn privacy export', person, 'operator'));
  await runner.run({}, ({ unit }) =>
    unit.kernel(
      `insert into kernel.messages (plugin, kind, name, payload, tenants, due_at)
       values ('login', 'job', 'tidy', $1, '"*"', now() + interval '1 day')`,
      [{ person }],
    ),
  );
  const { register, plugins: declared } = await runner.run({}, ({ unit }) => privacy.register(unit));
  all = declared;
  for (const language of ['nl', 'en', 'fr'] as const) {
    pages.register[language] = registerPage(readableRegister(register, declared, language), language);
    const files = await exportOf(portal.platform, person, language);
    pages.export[language] = strFromU8(files['export.html'] as Uint8Array);
  }
});
afterAll(() => portal?.stop());

/** Names that are the same for everyone: of plugins, tables, privileges, hosts, and what stands in code. */
const names = () =>
  new Set(
    portal.plugins.flatMap(({ id, version, tables = {}, privileges = [], exports = {}, scopes = {}, http }) => [
      ...(http?.hosts ?? []),
      ...Object.keys(scopes).map((scope) => `${id}.${scope}`),
      ...[id, version, `${id} ${version}`, ...privileges, ...Object.keys(tables)],
      ...[...(exports.services ?? []), ...(exports.views ?? [])],
    ]),
  );

/** Texts that the message files give alike in two languages: "tenant" is one word in nl and en. */
function alike(one: Language, other: Language): Set<string> {
  const same = new Set<string>();
  const visit = (left: unknown, right: unknown) => {
    if (typeof left === 'string') {
      if (left === right) same.add(left);
      return;
    }
    for (const [key, value] of Object.entries(left ?? {})) visit(value, (right as Record<string, unknown> | undefined)?.[key]);
  };
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown;
  for (const folder of [join(root, 'core/messages/privacy'), ...plugins.map((each) => join(each, 'messages'))]) {
    // A connector has no texts of its own.
    if (folder.endsWith('demo/messages') || !existsSync(folder)) continue;
    visit(read(join(folder, `${one}.json`)), read(join(folder, `${other}.json`)));
  }
  return same;
}

/** What people read, piece by piece, so that one English word among Dutch ones is a piece of its own. */
function pieces(html: string, tags: string): Set<string> {
  const texts = [...html.matchAll(new RegExp(`<(${tags})(?: [^>]*)?>(.*?)</\\1>`, 'gs'))].map(([, , inner = '']) =>
    inner.replace(/<code>.*?<\/code>|<time.*?<\/time>/gs, '').replace(/<[^>]+>/g, '\n'),
  );
  return new Set(
    texts.flatMap((text) => text.split(/[\n,;()]\s*|:\s+/).map((piece) => piece.trim())).filter((piece) => /\p{L}/u.test(piece)),
  );
}

test.each(['nl', 'fr'] as const)('nothing in the register in %s is in English', (language) => {
  const kernel = [
    'kernel',
    'sessions',
    'role_grants',
    'messages',
    'live_messages',
    'audit_entries',
    'exports',
    'machine_answers',
    'objections',
    'restrictions',
    'log',
    'erasures',
  ];
  // "Article" is French, too.
  const known = new Set([...names(), ...alike(language, 'en'), ...kernel, ...(language === 'fr' ? ['article 30'] : [])]);
  const english = pieces(pages.register.en, 'h1|h2|p|li|th|td');
  expect(english.size).toBeGreaterThan(150);
  const left = [...pieces(pages.register[language], 'h1|h2|p|li|th|td')].filter(
    (piece) => english.has(piece) && !known.has(piece),
  );
  expect(left).toEqual([]);
  for (const phrase of [
    'after',
    'those of',
    'deleted',
    'anonymised',
    'as long as',
    'Each module reads',
    'portal alone',
    '12 hours',
    'months',
  ])
    expect(pages.register[language]).not.toContain(phrase);
});

test.each(['nl', 'fr'] as const)('no heading, label or line of a person’s export in %s is in English', (language) => {
  const known = new Set([...names(), ...alike(language, 'en')]);
  const english = pieces(pages.export.en, 'h1|h2|h3|p|th');
  expect(english.size).toBeGreaterThan(60);
  const left = [...pieces(pages.export[language], 'h1|h2|h3|p|th')].filter((piece) => english.has(piece) && !known.has(piece));
  expect(left).toEqual([]);
});

test.each(['nl', 'en', 'fr'] as const)('ux 6: each recorded request is told in words (%s)', (language) => {
  const texts = new PrivacyTexts(language);
  for (const { plugin } of all) expect(texts.missingDoings(plugin), plugin.id).toEqual([]);
});

test('ux 6: entries of routes that no longer exist, of absent plugins and of settings are told in words', () => {
  const texts = new PrivacyTexts('nl');
  const directory = portal.platform.platform.privacy.pluginOf('directory');
  const doing = (route: string, plugin = 'directory') =>
    texts.ofDoing(plugin === 'directory' ? directory : null, { plugin, route });
  expect(doing('GET /api/directory/people/:id')).toBe('Bekeek de gegevens van deze persoon');
  expect(doing('GET /api/directory/gone/:id')).toBe('Bekeek iets in Scholen en klassen');
  expect(doing('DELETE /api/absent/things/:id', 'absent')).toBe('Verwijderde iets in absent');
  expect(doing('setting keepWeeks')).toBe('Wijzigde een instelling');
  expect(doing('DELETE /api/kernel/session', 'kernel')).toBe('Meldde zich af');
  expect(doing('DELETE /api/kernel/sessions/:id', 'kernel')).toBe('Meldde zich af op een ander toestel');
  expect(doing('ilearn privacy export', 'kernel')).toBe('Vroeg een kopie van alle gegevens');
  expect(pages.export.nl).toContain('<td>Vroeg een kopie van alle gegevens</td>');
  expect(pages.export.fr).toContain('<td>A demandé une copie de toutes les données</td>');
});

test('what the kernel itself writes into a cell is translated', () => {
  expect(pages.export.nl).toContain('<td>een beheerder</td>');
  expect(pages.export.nl).toContain('<td>taak</td>');
  expect(pages.export.fr).toContain('<td>un administrateur</td>');
  // The plugin `privacy` has a table whose rows say that a person asked for themself.
  const others = pages.export.nl.split('<section>').filter((section) => !section.startsWith('<h2>Privacy</h2>'));
  expect(others.length).toBeGreaterThan(5);
  expect(others.join()).not.toMatch(/<td>(operator|job|self|teacher|pupil)<\/td>/);
});

test('durations and rules are in the register’s language', () => {
  expect(pages.register.nl).toContain('12 uur vanaf “gemaakt op”');
  expect(pages.register.nl).toContain('1 jaar na de laatste wijziging');
  expect(pages.register.fr).toContain('5 ans après la dernière modification');
  expect(pages.register.en).toContain('as long as the row in “Your account” that it belongs to');
});

test.each(['nl', 'en', 'fr'])('issue 11: texts of the kernel fit every kind of tenant (%s)', (language) => {
  const { columns, ...texts } = JSON.parse(readFileSync(join(root, `core/messages/privacy/${language}.json`), 'utf8'));
  const { school_id, school_ids, ...others } = columns;
  expect([school_id, school_ids]).not.toContain(undefined);
  const said = JSON.stringify([texts, others]).match(/[^"]*(?:school|scholen|école)[^"]*/gi) ?? [];
  // The only sentence that names a school names it as an example.
  expect(said.filter((text) => !/zoals een school|such as a school|une école par exemple/.test(text))).toEqual([]);
});
