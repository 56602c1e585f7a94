import { words } from '../text.js';

/** A school year or stage in a query, such as "3de leerjaar". */
export interface Level {
  /** As typed. */
  text: string;
  /** Name in the curriculum's concepts: `3e leerjaar`. */
  name: string;
  /** Ages of its pupils; several ranges if it may mean primary or secondary school. */
  ages: { from: number; to: number }[];
}

/** A parsed search query. */
export interface Asked {
  /** Lower case, without accents; the last one may be incomplete. */
  words: string[];
  levels: Level[];
}

const mostWords = 12;

/** Ordinals in the portal's languages, without accents. */
const ordinals: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['eerste', 'premier', 'premiere', 'first'],
    ['tweede', 'deuxieme', 'second', 'seconde'],
    ['derde', 'troisieme', 'third'],
    ['vierde', 'quatrieme', 'fourth'],
    ['vijfde', 'cinquieme', 'fifth'],
    ['zesde', 'sixieme', 'sixth'],
    ['zevende', 'septieme', 'seventh'],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
);

const units: Readonly<Record<string, 'leerjaar' | 'graad' | 'kleuterklas'>> = {
  ...{ leerjaar: 'leerjaar', jaar: 'leerjaar', annee: 'leerjaar', year: 'leerjaar', grade: 'leerjaar' },
  ...{ graad: 'graad', degre: 'graad', stage: 'graad' },
  ...{ kleuterklas: 'kleuterklas', kleuter: 'kleuterklas', maternelle: 'kleuterklas' },
};

const schools: Readonly<Record<string, 'lager' | 'secundair'>> = {
  ...{ lager: 'lager', lagere: 'lager', basisonderwijs: 'lager', primaire: 'lager', primary: 'lager' },
  ...{
    secundair: 'secundair',
    secundaire: 'secundair',
    middelbaar: 'secundair',
    secondaire: 'secundair',
    secondary: 'secundair',
  },
};

const fillers = new Set(['onderwijs', 'school', 'enseignement', 'education']);

/** Splits a query into words (in the same way as {@link words} does for the index) and levels. */
export function readQuestion(text: string): Asked {
  const typed = words(text);
  const asked: Asked = { words: [], levels: [] };
  for (let at = 0; at < typed.length; at += 1) {
    const found = levelAt(typed, at, schools[asked.words.at(-1) ?? '']);
    if (found === null) {
      asked.words.push(typed[at] as string);
      continue;
    }
    if (found.schoolBefore) asked.words.pop();
    const from = found.schoolBefore ? at - 1 : at;
    asked.levels.push({ ...found.level, text: typed.slice(from, found.end).join(' ') });
    at = found.end - 1;
  }
  return { words: asked.words.slice(0, mostWords), levels: asked.levels.slice(0, 3) };
}

function levelAt(typed: readonly string[], at: number, before: 'lager' | 'secundair' | undefined) {
  const [one = '', other = ''] = typed.slice(at, at + 2);
  const unit = units[other] ?? (/^\d$/.test(other) ? units[one] : undefined);
  const number = units[other] === undefined ? Number(other) : numberOf(one);
  // "3 jaar" is an age, "3de jaar" a school year.
  if (unit === undefined || number === null || (/^\d+$/.test(one) && ['jaar', 'annee', 'year'].includes(other))) return null;
  let end = at + 2;
  const after = before === undefined ? schools[typed[end] ?? ''] : undefined;
  if (after !== undefined) end += 1;
  while (fillers.has(typed[end] ?? '') && (before ?? after) !== undefined) end += 1;
  const ages = agesOf(unit, number, before ?? after);
  if (ages.length === 0) return null;
  return { level: { name: `${number}e ${unit}`, ages }, schoolBefore: before !== undefined, end };
}

function numberOf(word: string): number | null {
  const digit = /^([1-7])(?:ste|de|e|st|nd|rd|th|er|re|eme)?$/.exec(word)?.[1];
  return digit === undefined ? (ordinals[word] ?? null) : Number(digit);
}

/** Primary school begins at age six and has six years; secondary school begins at twelve and has seven; a stage (graad) has two years. */
function agesOf(
  unit: 'leerjaar' | 'graad' | 'kleuterklas',
  number: number,
  school: 'lager' | 'secundair' | undefined,
): Level['ages'] {
  if (unit === 'kleuterklas') return number <= 3 ? [{ from: number + 2, to: number + 3 }] : [];
  const [length, most] = unit === 'graad' ? [2, 3] : [1, 7];
  if (number > most) return [];
  const ages = (begins: number) => ({ from: begins + (number - 1) * length, to: begins + number * length });
  if (school === 'secundair' || number === 7) return [ages(12)];
  if (school === 'lager' || unit === 'leerjaar') return [ages(6)];
  return [ages(6), ages(12)];
}
