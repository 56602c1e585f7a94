import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The rules of docs/words.md that a machine can check, over every message file. */

type Language = 'nl' | 'en' | 'fr';
const languages = ['nl', 'en', 'fr'] as const;
const root = fileURLToPath(new URL('../../', import.meta.url));

const folders = [
  'ui/messages',
  'ui/messages/accessibility',
  'core/messages/privacy',
  'core/messages/settings',
  'core/template/notes/messages',
  'core/template/bare/messages',
  'docs/examples/agenda/messages',
  ...readdirSync(join(root, 'plugins'))
    .map((plugin) => `plugins/${plugin}/messages`)
    .filter((folder) => existsSync(join(root, folder))),
];

const textsOf = (value: unknown, path: string[] = []): [key: string, text: string][] =>
  typeof value === 'string'
    ? [[path.join('.'), value]]
    : Object.entries(value as object).flatMap(([key, each]) => textsOf(each, [...path, key]));

interface Text {
  folder: string;
  key: string;
  text: string;
}
const texts = Object.fromEntries(
  languages.map((language) => [
    language,
    folders.flatMap((folder) =>
      textsOf(JSON.parse(readFileSync(join(root, folder, `${language}.json`), 'utf8'))).map(([key, text]) => ({
        folder,
        key,
        text,
      })),
    ),
  ]),
) as Record<Language, Text[]>;

/** Texts to which the pattern applies, as `folder language key: text`. */
const having = (pattern: RegExp, which: readonly Language[] = languages, only: (text: Text) => boolean = () => true): string[] =>
  which.flatMap((language) =>
    texts[language]
      .filter((each) => only(each) && pattern.test(each.text))
      .map(({ folder, key, text }) => `${folder} ${language} ${key}: ${text}`),
  );

test('ux phrases: one apostrophe and one style of quotation marks', () => {
  expect(having(/['"´`]/)).toEqual([]);
  expect(having(/[“”„]/, ['fr'])).toEqual([]);
  expect(having(/[«»„]/, ['nl', 'en'])).toEqual([]);
  expect(having(/\.\.\./)).toEqual([]);
});

test('ux phrases: no double, leading or trailing space, and French marks are set apart', () => {
  expect(having(/ {2}|^\s|[^:]\s$/)).toEqual([]);
  expect(
    having(
      /[^\s/][?!;]|[^\s\d/]:(?!\/\/|\w)|«\S|\S»/,
      ['fr'],
      ({ text, key }) => !text.includes('://') && !key.includes('reading-'),
    ),
  ).toEqual([]);
});

test('ux phrases: the languages have the same keys, each with a text', () => {
  const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
  for (const folder of folders) {
    const keys = languages.map((language) =>
      [...new Set(texts[language].filter((each) => each.folder === folder).map(({ key }) => plain(key)))].sort(),
    );
    expect(keys[1], folder).toEqual(keys[0]);
    expect(keys[2], folder).toEqual(keys[0]);
  }
});

/** Types that only machines and commands get. */
const forMachines =
  /^(lti\/(differences-|line-item|resource-link|scope-|score-|token-|http-|xapi-|not-licensed$)|library\/unknown|directory\/roster-|demo\/)/;

test('ux phrases: each type of problem of a plugin has a text', () => {
  const missing = readdirSync(join(root, 'plugins')).flatMap((plugin) => {
    const folder = join(root, 'plugins', plugin, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const source = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const types = [...source.matchAll(new RegExp(`(?:type: |conflict\\(|refusal\\(\\d+, )'(${plugin}/[a-z-]+)'`, 'g'))].map(
      ([, type]) => type ?? '',
    );
    const has = new Set(texts.nl.filter(({ folder: of }) => of === `plugins/${plugin}/messages`).map(({ key }) => key));
    return [...new Set(types)].filter((type) => !forMachines.test(type) && !has.has(`problems.${type.split('/')[1]}`));
  });
  expect(missing).toEqual([]);
});

test('ux phrases: a text has the same placeholders in each language', () => {
  const holes = (text: string) => [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name))].sort();
  const named = (language: Language) => new Map(texts[language].map(({ folder, key, text }) => [`${folder} ${key}`, text]));
  const dutch = named('nl');
  const different = (['en', 'fr'] as const).flatMap((language) =>
    [...named(language)].flatMap(([key, text]) => {
      const other = dutch.get(key) ?? dutch.get(key.replace(/_many$/, '_other'));
      return other === undefined || String(holes(other)) === String(holes(text)) ? [] : [`${language} ${key}: ${text}`];
    }),
  );
  expect(different).toEqual([]);
});

test('ux phrases: one word for one thing', () => {
  const forbidden: Record<Language, RegExp> = {
    nl: /\b(annuleren|leerkracht(en)?|leerpad(en)?|de portal|sleutelwoord|plugins?)\b/i,
    en: /\b(user name|given name|family name|somebody|anybody|key word|begin anew|tick off|plugins?)\b/i,
    fr: /\b(fournisseurs?|cocher|vers le début|remplis|plugins?)\b/i,
  };
  const said = (text: string) => text.replace(/\{\{.*?\}\}|ilearn [a-z ]+/g, '');
  const found = languages.flatMap((language) =>
    texts[language]
      .filter(({ text }) => forbidden[language].test(said(text)))
      .map((each) => `${language} ${each.key}: ${each.text}`),
  );
  expect(found).toEqual([]);
});

/** French texts that only children read: tu. Texts that children and adults read address nobody. */
const forChildren: Record<string, RegExp> = {
  'plugins/myway/messages':
    /^(myPaths|trail|step|quiz|task|result|end|start\.(next|due))\b|^problems\.(step-locked|step-unavailable|step-not-licensed|nothing-handed-in|unexpected)$|^notifications\.(pathGiven|workAnswered)|^draft\./,
  'ui/messages': /^failed\.kid/,
  'plugins/login/messages':
    /^signIn\.(who|pupil|heading\.pupil|help\.pupil)|^badges\.(hello|scan|code|choose|ask|three|otherWay|fault)\b/,
  'plugins/lti/messages': /^launch\./,
  'plugins/connector-practice/messages': /^tool\./,
};
/** What the privacy statement, and the page of a child’s own data, tell children and young people. */
const statementForChildren = /^(privacy\.statement|statement\.(readers|headings))\.(child|pupil)\b|^own\.child\b/;
const childReads = ({ folder, key }: Text) => forChildren[folder]?.test(key) === true || statementForChildren.test(key);
const tu =
  /(?<![\p{L}’])(tu|toi|te|ton|ta|tes)(?![\p{L}’])|(?<![\p{L}])t’(?=\p{L})|(?<!\p{L})(es-tu|réessaie|attends|essaie|demande-le|vérifie)(?!\p{L})/iu;
const vous = /(?<!\p{L})(vous|votre|vos)(?!\p{L})|(?<!\p{L})(?!assez|chez|nez|rez)\p{L}{2,}ez(?!\p{L})/iu;

test('ux phrases: French says vous to staff and tu to children, never both', () => {
  const examples = (folder: string) => /template|examples/.test(folder);
  expect(having(tu, ['fr'], (each) => !childReads(each) && !examples(each.folder))).toEqual([]);
  expect(having(vous, ['fr'], childReads)).toEqual([]);
});
