import { systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';

/** A school or school group for which a training can be published; their names are public. */
export const audienceName = z.object({ id: z.uuid(), name: z.string(), kind: z.enum(['school', 'group']) });
export type AudienceName = z.output<typeof audienceName>;

const mostFound = 20;

/** Names of schools and school groups, for planners: people of providers see no school of the directory. */
export class NamedAudience {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  /** Groups, then schools, whose name contains the words, or whose instellingsnummer begins with them. */
  async find(words: string): Promise<AudienceName[]> {
    const wanted = words.toLowerCase();
    const found = ({ name, number = '' }: { name: string; number?: string }) =>
      name.toLowerCase().includes(wanted) || number.startsWith(wanted);
    return (await this.#all()).filter(found).slice(0, mostFound);
  }

  /** Those of these that exist. */
  async of(ids: readonly string[]): Promise<AudienceName[]> {
    if (ids.length === 0) return [];
    const wanted = new Set(ids);
    return (await this.#all()).filter(({ id }) => wanted.has(id));
  }

  /** Two statements. */
  #all(): Promise<(AudienceName & { number?: string })[]> {
    return this.#actAs(systemPrincipal(), async ({ directory }: Dependencies) => [
      ...(await directory.schools.groups()).map(({ id, name }) => ({ id, name, kind: 'group' as const })),
      ...(await directory.schools.list()).map(({ id, name, instellingsnummer }) => ({
        ...{ id, name, kind: 'school' as const, number: instellingsnummer },
      })),
    ]);
  }
}
