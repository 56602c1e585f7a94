import { isStorable, withoutUnstorable } from '@ilearn/core';
import type { Term } from 'n3';
import type { Graph } from './graph.js';
import type { LeftOutLog } from './left-out.js';
import type { Label } from './model.js';
import { localName, other, skos, xl } from './vocabulary.js';

/** The portal's languages in order of preference; a text without a language comes after Dutch. */
const preference = ['nl', '', 'en', 'fr'];

const maxLabel = 2000;

const languageRank = (language: string): number => {
  const rank = preference.indexOf(language.toLowerCase().split('-')[0] ?? '');
  return rank === -1 ? preference.length : rank;
};

/** The plain and SKOS-XL labels of a resource, in a fixed order. */
export function labelsOf(graph: Graph, uri: string, log: LeftOutLog): Label[] {
  const found = new Map<string, Label>();
  const add = (kind: Label['kind'], term: Term) => {
    if (term.termType !== 'Literal') return;
    const value = term.value.trim();
    if (value === '' || value.length > maxLabel || !isStorable(value)) {
      log.add(
        'label',
        `it is empty, longer than ${maxLabel} characters, or contains a NUL character or half of a surrogate pair`,
        uri,
      );
      return;
    }
    const label: Label = { kind, value, language: term.language === '' ? null : term.language };
    found.set(JSON.stringify([kind, label.language, value]), label);
  };
  for (const [kind, plain, resource] of [
    ['pref', skos.prefLabel, xl.prefLabel],
    ['alt', skos.altLabel, xl.altLabel],
    ['hidden', skos.hiddenLabel, xl.hiddenLabel],
  ] as const) {
    for (const term of graph.objects(uri, plain)) add(kind, term);
    for (const label of graph.objects(uri, resource)) {
      const short = kind === 'alt' && graph.uris(label, other.labelType).includes(other.shortLabel);
      for (const term of graph.objects(label, xl.literalForm)) add(short ? 'short' : kind, term);
    }
  }
  return [...found.keys()].sort().map((key) => found.get(key) as Label);
}

/** The text in the most preferred language. */
export function textIn(terms: Term[]): string | null {
  const literals = terms.flatMap((term) => (term.termType === 'Literal' && term.value.trim() !== '' ? [term] : []));
  literals.sort((a, b) => languageRank(a.language) - languageRank(b.language) || (a.value < b.value ? -1 : 1));
  const text = literals[0]?.value.trim();
  return text === undefined ? null : withoutUnstorable(text);
}

/**
 * The label to show: the preferred label. In the schemes of *onderwijsdoelen*, that only repeats the end of the URI
 * (`sec-1.1.1-1451156578`); the definition, which has the text of the goal, is used instead.
 */
export function displayLabel(uri: string, labels: Label[], definition: string | null): string {
  const best = (kind: Label['kind']) =>
    labels
      .filter((label) => label.kind === kind)
      .sort((a, b) => languageRank(a.language ?? '') - languageRank(b.language ?? ''))[0]?.value;
  const preferred = best('pref') ?? best('alt');
  if (preferred === undefined || preferred === localName(uri)) return definition ?? preferred ?? localName(uri);
  return preferred;
}
