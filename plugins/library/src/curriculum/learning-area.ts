import { localName } from './vocabulary.js';

/** A concept with everything that is broader. */
export interface PlacedConcept {
  uri: string;
  label: string;
  /** URIs of the concept itself and of all broader ones. */
  ancestors: readonly string[];
}

/**
 * The learning areas (*leergebieden*) with the concepts that belong to them: local names of the Flemish schemes for primary (`l-…`) and
 * secondary school (`c-…`), of which the rest is narrower, and words by which subjects of other schemes are recognised. The order counts
 * where a concept belongs to several: biology is science before it is sustainability.
 */
const areas: readonly { key: string; concepts: RegExp; words: RegExp }[] = [
  { key: 'wiskunde', concepts: /^(?:l-wiskunde|[sc]-wiskunde(?:-.*)?)$/, words: /^(?:wiskunde|rekenen|getallen|meetkunde|math)/ },
  { key: 'nederlands', concepts: /^[lc]-nederlands$/, words: /^(?:nederlands|taal$|taal-|dutch)/ },
  {
    key: 'talen',
    concepts: /^(?:l-frans|c-andere-talen)$/,
    words: /^(?:frans|engels|duits|spaans|italiaans|russisch|latijn|grieks|hebreeuws|oud-hebreeuws|french|english)/,
  },
  {
    key: 'wereldorientatie',
    concepts: /^(?:l-mens-en-maatschappij|l-wetenschap-en-techniek|c-stem|c-historisch-bewustzijn|c-ruimtelijk-bewustzijn)$/,
    words:
      /^(?:wereldori|wo$|stem$|project-stem|natuur|aardrijkskunde|geschiedenis|biologie|chemie|fysica|techniek|technologi|wetenschap|mens-en-maatschappij|ecologie|geography|history|science)/,
  },
  {
    key: 'muzische-vorming',
    concepts: /^(?:l-muzische-vorming|c-cultureel-bewustzijn-en-culturele-expressie)$/,
    words: /^(?:muzische|muzikale|muziek|beeldende|plastische|artistieke|drama|esthetica|kunst|arts?$|music)/,
  },
  {
    key: 'lichamelijke-opvoeding',
    concepts: /^(?:l-lichamelijke-opvoeding|c-lichamelijk-geestelijk-en-emotioneel-welzijn)$/,
    words: /^(?:lichamelijke|lo$|sport|topsport|bewegings)/,
  },
  {
    key: 'ict',
    concepts: /^(?:l-ict|c-digitale-competenties-en-mediawijsheid)$/,
    words: /^(?:ict|media|informatica|toegepaste-informatica|digitale|computers?$|computers?-|programmeren)/,
  },
  { key: 'leren-leren', concepts: /^(?:l-leren-leren|c-leercompetenties)$/, words: /^leren-leren/ },
  {
    key: 'sociale-vaardigheden',
    concepts: /^(?:l-sociale-vaardigheden|c-sociaal-relationele-vorming|c-zelfbewustzijn|c-burgerschap-en-samenleven)$/,
    words: /^(?:sociale-vaardigheden|burgerschap|maatschappelijke-vorming)/,
  },
  {
    key: 'samenleving',
    concepts: /^c-(?:economisch-financiele-competenties|juridische-competenties|ondernemingszin|duurzaamheid)$/,
    words: /^(?:economie|toegepaste-economie|bedrijfswetenschappen|recht|sociologie)/,
  },
  {
    key: 'levensbeschouwing',
    concepts: /^(?:l-levensbeschouwelijke-vakken|c-religie-en-levensbeschouwing)$/,
    words: /^(?:godsdienst|religie|levensbeschouw|niet-confessionele-zedenleer|zedenleer)/,
  },
];

/** Concepts that say for whom an activity is, not what it is about: years, levels, and the goals and keywords, whose URIs name no area. */
const tellsNoArea = /\/(?:structuur|onddoel|tref\d)\/|\/curr\d\/[lst]-extra-curriculair$/;

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** The name of a concept in its URI, without the letter of its level (`s-getallen`). URIs that end in a number or UUID have none. */
function nameOf(uri: string): string {
  const name = plain(decoded(localName(uri)).replace(/^[a-z]-/, ''));
  return /^\p{L}{2,}(?=-|$)/u.test(name) ? name : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Areas of concepts by all that decides them, because the same concepts return in every list. Emptied when it holds {@link mostKept}. */
const kept = new Map<string, string | null>();
const mostKept = 10_000;

function areaOfConcept(concept: PlacedConcept): string | null {
  const key = [concept.uri, concept.label, ...concept.ancestors].join('\n');
  let area = kept.get(key);
  if (area === undefined) {
    area = findArea(concept);
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, area);
  }
  return area;
}

function findArea({ uri, label, ancestors }: PlacedConcept): string | null {
  const names = [uri, ...ancestors].map(localName);
  const placed = areas.find(({ concepts }) => names.some((name) => concepts.test(name)));
  if (placed !== undefined) return placed.key;
  if (tellsNoArea.test(uri)) return null;
  const words = [nameOf(uri), plain(label), ...ancestors.map(nameOf)].filter((word) => word !== '');
  return areas.find(({ words: known }) => words.some((word) => known.test(word)))?.key ?? null;
}

/**
 * The learning area of something with these concepts: the one that most of them belong to, of equal numbers the first of the table. A
 * subject outside the table gives the name of its broadest concept (`slagerij`). Null if no concept names a subject.
 */
export function learningAreaOf(concepts: readonly PlacedConcept[]): string | null {
  const votes = new Map<string, number>();
  for (const concept of concepts) {
    const area = areaOfConcept(concept);
    if (area !== null) votes.set(area, (votes.get(area) ?? 0) + 1);
  }
  const most = Math.max(0, ...votes.values());
  if (most > 0) return areas.find(({ key }) => votes.get(key) === most)?.key ?? null;
  const others = concepts.filter(({ uri }) => !tellsNoArea.test(uri)).map(subjectOf);
  return others.sort()[0] ?? null;
}

/** The broadest concept, whose name is the same for all concepts of a subject. */
function subjectOf({ uri, label, ancestors }: PlacedConcept): string {
  const roots = ancestors.filter((ancestor) => ancestor !== uri && /^[lc]-/.test(localName(ancestor))).sort();
  return nameOf(roots[0] ?? uri) || plain(label) || uri;
}
