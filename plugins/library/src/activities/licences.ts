import type { ToolLicence } from '@ilearn/plugin-licences';
import type { Dependencies } from '../dependencies.js';
import { chosenPrefix, offerFor, sourceOf, switchedOffSources } from './offered.js';

/** Sources of a tool's activities: those that it contributes, and those that teachers chose in it (Deep Linking). */
const sourcesOfTool = (key: string): string[] => [sourceOf(key), `${chosenPrefix}${key}`];

/** Licences by source: of each tool that needs one, whether the reader may use it now. Empty where the portal has no licences. */
export type Licences = ReadonlyMap<string, ToolLicence>;

export async function licencesOf({ licences }: Pick<Dependencies, 'licences'>): Promise<Licences> {
  const known = licences === undefined ? [] : await licences.decisions.list();
  return new Map(known.flatMap((each) => sourcesOfTool(each.tool).map((source) => [source, each] as const)));
}

/** Sources of tools that the reader may not use, for want of a licence. */
export const unlicensedIn = (licences: Licences): string[] =>
  [...licences].flatMap(([source, { allowed }]) => (allowed ? [] : [source]));

/**
 * Sources of the tools that the reader can use: their plugins are in service, not every school of the reader has switched them off, and one
 * of them has a licence where one is needed.
 */
export async function usableSources({
  knex,
  licences,
  ...reader
}: Pick<Dependencies, 'knex' | 'contributions' | 'principal' | 'licences'>): Promise<string[]> {
  const { sources } = offerFor(reader);
  const off = new Set([
    ...(await switchedOffSources({ knex, principal: reader.principal })),
    ...unlicensedIn(await licencesOf({ licences })),
  ]);
  return sources.filter((source) => !off.has(source));
}
