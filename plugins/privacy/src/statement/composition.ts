import { type Language, languages } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

type Names = Record<Language, string>;

/** What a statement was composed from, with names that can still be read when a module has gone. */
export interface Composition {
  modules: Record<string, Names>;
  /** With what is decided about the purpose: controller, basis, recipients, transfers and objection. */
  purposes: Record<string, { names: Names; terms: string }>;
  /** By plugin and table, with how long it is kept. */
  data: Record<string, { names: Names; keeps: Names }>;
}

/** Kinds of change between two compositions. */
export const changeKinds = [
  'module-added',
  'module-removed',
  'purpose-added',
  'purpose-removed',
  'purpose-changed',
  'data-added',
  'data-removed',
  'keep-changed',
] as const;

export interface Change {
  kind: (typeof changeKinds)[number];
  name: string;
}

/** What the statement would be composed from now. */
export async function currentComposition({ privacy }: Pick<Dependencies, 'privacy'>): Promise<Composition> {
  const composition: Composition = { modules: {}, purposes: {}, data: {} };
  for (const language of languages) {
    const [register, purposes] = [await privacy.register(language), await privacy.purposes(language)];
    for (const { id, title } of register.parts) named(composition.modules, id, language, title);
    const used = purposes.filter(({ id }) => register.records.some(({ purpose }) => purpose === id));
    for (const { id, name, controller, basis, special, recipients, transfers, objection } of used) {
      const terms = JSON.stringify([controller, basis, special, [...recipients].sort(), transfers, objection]);
      composition.purposes[id] ??= { names: { nl: '', en: '', fr: '' }, terms };
      composition.purposes[id].names[language] = name;
    }
    for (const { plugin, table, title, keep } of register.records) {
      const key = `${plugin}.${table}`;
      composition.data[key] ??= { names: { nl: '', en: '', fr: '' }, keeps: { nl: '', en: '', fr: '' } };
      composition.data[key].names[language] = title;
      composition.data[key].keeps[language] = keep;
    }
  }
  return composition;
}

function named(into: Record<string, Names>, id: string, language: Language, name: string): void {
  into[id] ??= { nl: '', en: '', fr: '' };
  into[id][language] = name;
}

/** What differs in meaning; a name that was only reworded is no change. */
export function changesBetween(before: Composition, after: Composition, language: Language): Change[] {
  const compare = (
    [added, removed]: [Change['kind'], Change['kind']],
    one: Record<string, Names>,
    other: Record<string, Names>,
  ): Change[] => [
    ...Object.keys(other).flatMap((id) => (one[id] === undefined ? [{ kind: added, name: (other[id] as Names)[language] }] : [])),
    ...Object.keys(one).flatMap((id) => (other[id] === undefined ? [{ kind: removed, name: (one[id] as Names)[language] }] : [])),
  ];
  const names = <T extends { names: Names }>(of: Record<string, T>): Record<string, Names> =>
    Object.fromEntries(Object.entries(of).map(([id, each]) => [id, each.names]));
  const changed = Object.entries(after.purposes).filter(([id, { terms }]) => (before.purposes[id]?.terms ?? terms) !== terms);
  const kept = Object.entries(after.data).filter(([id, { keeps }]) => (before.data[id]?.keeps.en ?? keeps.en) !== keeps.en);
  return [
    ...compare(['module-added', 'module-removed'], before.modules, after.modules),
    ...compare(['purpose-added', 'purpose-removed'], names(before.purposes), names(after.purposes)),
    ...changed.map(([, { names }]): Change => ({ kind: 'purpose-changed', name: names[language] })),
    ...compare(['data-added', 'data-removed'], names(before.data), names(after.data)),
    ...kept.map(([, { names }]): Change => ({ kind: 'keep-changed', name: names[language] })),
  ];
}
