import type { PurposeChange } from '../contract/purpose.js';
import type { Fault } from '../foundation/diagnosis.js';
import { didYouMean } from '../foundation/nearest-name.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import { kernelPurposes } from '../foundation/purposes.js';

type Report = (where: string, message: string, remedy: string) => void;

/** Checks that the tables and files of a plugin name purposes of the kernel, its own, or of a plugin that it requires. */
export function checkPurposes(plugin: CheckedPlugin, byId: ReadonlyMap<string, CheckedPlugin>, report: Report): void {
  const sources = required(plugin, byId);
  // What a missing plugin declares is unknown.
  if (sources === null) return;
  const known = [...Object.keys(kernelPurposes), ...sources.flatMap(({ definition }) => Object.keys(definition.purposes ?? {}))];
  const { tables = {}, files = {} } = plugin.definition;
  const named = [
    // Each kind of file is also one of the tables.
    ...Object.entries(tables).map(([name, { purpose }]) => {
      return { where: `${Object.hasOwn(files, name) ? 'files' : 'tables'}.${name}.purpose`, purpose };
    }),
    ...Object.keys(plugin.definition.purposeAdditions ?? {}).map((id) => ({ where: `purposeAdditions.${id}`, purpose: id })),
  ];
  for (const { where, purpose } of named) {
    if (purpose === undefined || known.includes(purpose)) continue;
    const owner = [...byId.values()].find(({ definition }) => Object.hasOwn(definition.purposes ?? {}, purpose));
    report(
      where,
      owner === undefined
        ? `There is no purpose "${purpose}".${didYouMean(purpose, known)}`
        : `The purpose "${purpose}" is declared by ${owner.id}, which it does not require.`,
      owner === undefined
        ? `Name one of ${known.join(', ')}, or declare it under purposes. Text about the table belongs in "use".`
        : `Add ${owner.id} to requires, or name one of ${known.join(', ')}.`,
    );
  }
}

/** The plugin and all that it requires, directly or through others; null if one of them is missing. */
function required(plugin: CheckedPlugin, byId: ReadonlyMap<string, CheckedPlugin>): CheckedPlugin[] | null {
  const found = new Set<CheckedPlugin>([plugin]);
  for (const each of found) {
    for (const id of Object.keys(each.definition.requires ?? {})) {
      const next = byId.get(id);
      if (next === undefined) return null;
      found.add(next);
    }
  }
  return [...found];
}

/**
 * Checks the `purposes` of `ilearn.config.ts`.
 *
 * @param complete whether all plugins could be loaded; otherwise a purpose may belong to one that is missing
 */
export function checkPurposeChanges(
  changes: Readonly<Record<string, PurposeChange>>,
  plugins: readonly LoadedPlugin[],
  complete: boolean,
): Fault[] {
  if (!complete) return [];
  const known = [...Object.keys(kernelPurposes), ...plugins.flatMap(({ definition }) => Object.keys(definition.purposes ?? {}))];
  return Object.keys(changes)
    .filter((id) => !known.includes(id))
    .map((id) => ({
      plugin: 'ilearn.config.ts',
      where: `purposes.${id}`,
      message: `No plugin of this portal declares the purpose "${id}".${didYouMean(id, known)}`,
      remedy: `Name one of ${known.join(', ')}, or remove it.`,
    }));
}
