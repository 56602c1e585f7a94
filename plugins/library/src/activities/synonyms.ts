import { words } from '../text.js';

/**
 * Words of schools that mean the same, in Dutch; a group may hold phrases. Names of concepts bring synonyms of their own (`skos:altLabel`),
 * but only for activities on those concepts.
 */
const groups: readonly (readonly string[])[] = [
  ['programmeren', 'coderen', 'computationeel denken', 'coding', 'programming', 'programmer'],
  ['rekenen', 'wiskunde', 'hoofdrekenen', 'mathématiques', 'calcul', 'maths'],
  ['tafels', 'maaltafels', 'vermenigvuldigen', 'vermenigvuldiging', 'maalsommen'],
  ['deeltafels', 'delen', 'deelsommen'],
  ['plussommen', 'optellen', 'optelling'],
  ['minsommen', 'aftrekken', 'aftrekking'],
  ['breuken', 'breuk', 'fracties', 'fractions'],
  ['procenten', 'procent', 'percentage', 'percentages'],
  ['kommagetallen', 'decimale getallen', 'decimalen'],
  ['klok', 'kloklezen', 'klok lezen', 'uur lezen'],
  ['geld', 'geldrekenen', 'euro'],
  ['meten', 'maten', 'metend rekenen'],
  ['vraagstukken', 'toepassingen', 'probleemoplossend denken'],
  ['spelling', 'spellen', 'schrijfwijze', 'dictee'],
  ['begrijpend lezen', 'leesbegrip', 'tekstbegrip', 'leesvaardigheid'],
  ['woordenschat', 'woorden leren', 'vocabulaire', 'vocabulary'],
  ['anderstalige nieuwkomers', 'okan', 'nederlands voor nieuwkomers', 'nt2'],
  ['grammatica', 'spraakkunst', 'taalbeschouwing'],
  ['ai', 'artificiële intelligentie', 'kunstmatige intelligentie', 'artificial intelligence', 'machine learning'],
  ['mediawijsheid', 'media literacy', 'nepnieuws', 'fake news', 'desinformatie'],
  ['ict', 'informatica', 'computer', 'digitale vaardigheden'],
  ['klimaat', 'klimaatverandering', 'opwarming', 'broeikaseffect'],
  ['milieu', 'duurzaamheid', 'natuurbehoud'],
  ['wereldoriëntatie', 'wero', 'mens en maatschappij', 'zaakvakken'],
  ['verkeer', 'verkeersopvoeding', 'verkeersveiligheid', 'mobiliteit'],
  ['natuurkunde', 'fysica', 'physics'],
  ['scheikunde', 'chemie', 'chemistry'],
  ['aardrijkskunde', 'geografie'],
  ['biologie', 'levende natuur'],
  ['techniek', 'technologie', 'stem'],
  ['muziek', 'muzische vorming', 'muzikale opvoeding'],
  ['statistiek', 'kansrekening', 'kansrekenen', 'data'],
  ['grafiek', 'grafieken', 'diagram'],
  ['meetkunde', 'geometrie', 'vormleer'],
  ['kleuters', 'kleuter', 'kleuteronderwijs'],
  ['filmpje', 'video', 'film'],
  ['spel', 'spelletje', 'game'],
  ['toets', 'test', 'quiz'],
];

const folded = groups.map((group) => [...new Set(group.map((each) => words(each).join(' ')))]);
const byWord = new Map<string, Set<string>>();
for (const group of folded) {
  for (const each of group) {
    const others = byWord.get(each) ?? new Set();
    for (const other of group) if (other !== each) others.add(other);
    byWord.set(each, others);
  }
}

/** Words and phrases that mean the same as a word, folded as {@link words} does. */
export const synonymsOf = (word: string): readonly string[] => [...(byWord.get(word) ?? [])];
