import { type Language, languages, type PortalPurpose } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

type Names = Record<Language, string>;

/** What is decided about a purpose, as text that can be compared. */
const conditions = ['controller', 'basis', 'special', 'recipients', 'transfers', 'objection'] as const;
type Conditions = Record<(typeof conditions)[number], string>;

/** What a statement was composed from, with names that can still be read when a module has gone. */
export interface Composition {
  modules: Record<string, Names>;
  /** Versions of before conditions were apart have them as `terms`. */
  purposes: Record<string, { names: Names; conditions?: Conditions; terms?: string }>;
  /** By plugin and table, with how long it is kept, and the id of the purpose. */
  data: Record<string, { names: Names; keeps: Names; purpose?: string }>;
}

/** Kinds of change between two compositions. */
export const changeKinds = [
  'module-added',
  'module-removed',
  'purpose-added',
  'purpose-removed',
  'controller-changed',
  'basis-changed',
  'special-changed',
  'recipients-changed',
  'transfers-changed',
  'objection-changed',
  'data-added',
  'data-removed',
  'data-purpose-changed',
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
    for (const purpose of used) {
      composition.purposes[purpose.id] ??= { names: { nl: '', en: '', fr: '' }, conditions: conditionsOf(purpose) };
      (composition.purposes[purpose.id] as { names: Names }).names[language] = purpose.name;
    }
    for (const { plugin, table, title, keep, purpose } of register.records) {
      const key = `${plugin}.${table}`;
      composition.data[key] ??= { names: { nl: '', en: '', fr: '' }, keeps: { nl: '', en: '', fr: '' }, purpose };
      composition.data[key].names[language] = title;
      composition.data[key].keeps[language] = keep;
    }
  }
  return composition;
}

function conditionsOf({
  controller,
  basis,
  special,
  recipients,
  transfers,
  objection,
}: Pick<PortalPurpose, (typeof conditions)[number]>): Conditions {
  const countries = transfers.map(({ country, safeguard }) => `${country} ${safeguard}`);
  return {
    ...{ controller, basis, special: special ?? '', objection: String(objection) },
    ...{ recipients: [...recipients].sort().join(), transfers: countries.sort().join() },
  };
}

/** The conditions of a stored purpose; undefined if it is from a time when fewer were stored. */
function storedConditions(purpose: Composition['purposes'][string] | undefined): Conditions | undefined {
  if (purpose?.conditions !== undefined || purpose?.terms === undefined) return purpose?.conditions;
  const [controller, basis, special, recipients, transfers, objection] = JSON.parse(purpose.terms);
  if (!Array.isArray(recipients) || !Array.isArray(transfers)) return undefined;
  return conditionsOf({ controller, basis, special, recipients, transfers, objection });
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
  const changed = Object.entries(after.purposes).flatMap(([id, { names, conditions: now }]) => {
    const earlier = storedConditions(before.purposes[id]);
    if (earlier === undefined || now === undefined) return [];
    return conditions
      .filter((each) => earlier[each] !== now[each])
      .map((each): Change => ({ kind: `${each}-changed`, name: names[language] }));
  });
  const moved = Object.entries(after.data).filter(([id, { purpose }]) => (before.data[id]?.purpose ?? purpose) !== purpose);
  const kept = Object.entries(after.data).filter(([id, { keeps }]) => (before.data[id]?.keeps.en ?? keeps.en) !== keeps.en);
  return [
    ...compare(['module-added', 'module-removed'], before.modules, after.modules),
    ...compare(['purpose-added', 'purpose-removed'], names(before.purposes), names(after.purposes)),
    ...changed,
    ...compare(['data-added', 'data-removed'], names(before.data), names(after.data)),
    ...moved.map(([, { names }]): Change => ({ kind: 'data-purpose-changed', name: names[language] })),
    ...kept.map(([, { names }]): Change => ({ kind: 'keep-changed', name: names[language] })),
  ];
}
