/** The name of a person, to be found in texts of others. */
export interface SoughtName {
  given: string;
  family: string;
}

/** Most characters between a given name alone and the family name. */
const near = 80;
const genitive = `(?:['’]?s|['’])?`;
/** Alitje, Bartje, Jokes: -je, -tje, -ke, with a doubled vowel, a plural or a genitive. */
const diminutive = `(?:[aeiou]?t?je|e?ke)?`;

interface Span {
  from: number;
  to: number;
}

/** Lower case without accents, with the place of each character in the text. */
function folded(text: string): { plain: string; places: number[] } {
  let plain = '';
  const places: number[] = [];
  let place = 0;
  for (const letter of text) {
    const bare = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    plain += bare;
    for (let at = 0; at < bare.length; at++) places.push(place);
    place += letter.length;
  }
  places.push(place);
  return { plain, places };
}

export const foldedName = (name: string): string => folded(name.trim().replace(/\s+/g, ' ')).plain;

const pattern = (name: string, endings: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])${foldedName(name)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/ /g, '[\\s_-]+')}${endings}(?![\\p{L}\\p{N}])`,
    'gu',
  );

const matches = (text: string, sought: RegExp): Span[] =>
  [...text.matchAll(sought)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

/**
 * Where a text names the person: the family name, and the given name within 80 characters of it; without case and accents, also in the
 * genitive and, of the given name, as a diminutive. Another person of that name is found too: somebody has to decide.
 */
export function mentionsIn(text: string, { given, family }: SoughtName): Span[] {
  if (foldedName(family) === '') return [];
  const { plain, places } = folded(text);
  const families = matches(plain, pattern(family, genitive));
  const givens =
    families.length === 0 || foldedName(given) === '' ? [] : matches(plain, pattern(given, `${diminutive}${genitive}`));
  const close = givens.filter(({ from, to }) => families.some((each) => from - each.to < near && each.from - to < near));
  const spans: Span[] = [];
  for (const { from, to } of [...families, ...close].sort((one, other) => one.from - other.from)) {
    const last = spans.at(-1);
    // Given and family name beside each other are one mention.
    if (last !== undefined && /^[\s,_-]*$/.test(plain.slice(last.to, from))) last.to = Math.max(last.to, to);
    else spans.push({ from, to });
  }
  return spans.map(({ from, to }) => ({ from: places[from] as number, to: places[to] as number }));
}

/** The text with each mention replaced. */
export function withoutMentions(text: string, name: SoughtName, by: string): string {
  let rest = text;
  for (const { from, to } of mentionsIn(text, name).reverse()) rest = rest.slice(0, from) + by + rest.slice(to);
  return rest;
}
