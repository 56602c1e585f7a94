import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { ReleasedField, ReleasesExport, ToolReleases, WithheldField } from '../exports.js';
import type { Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { membersScope } from '../scopes.js';

/** What may go to a tool: asked by its registration, released by the school to tools, and not withheld from this one. */
export type Allowed = Record<WithheldField, boolean>;

const mostRows = 5_000;

interface Row {
  registration_id: string;
  way: 'launch' | 'members';
  fields: ReleasedField[];
  month: string;
  /** A bigint, read as text. */
  times: string;
}

/** `lti.releases`. Every value about a person that goes to a tool is decided and counted here, in the school of the unit of work. */
export class Releases implements ReleasesExport {
  readonly #knex: Knex;
  readonly #directory: Dependencies['directory'];
  readonly #registrations: RegistrationService;

  constructor({ knex, directory, registrations }: Dependencies & { registrations: RegistrationService }) {
    this.#registrations = registrations;
    this.#knex = knex;
    this.#directory = directory;
  }

  async allowed({ id, release, scopes }: Pick<Registration, 'id' | 'release' | 'scopes'>, school: string): Promise<Allowed> {
    const asks = { name: release.name, email: release.email, members: scopes.includes(membersScope) };
    if (!asks.name && !asks.email && !asks.members) return asks;
    const withheld = await this.#withheldBy(school, id);
    const released = asks.name || asks.email ? await this.#directory.schools.releases(school) : { name: false, email: false };
    return {
      name: asks.name && released.name && !withheld.includes('name'),
      email: asks.email && released.email && !withheld.includes('email'),
      members: asks.members && !withheld.includes('members'),
    };
  }

  /** Counts fields that went to a tool about `people` people. One row, so that two launches at the same time wait for each other briefly. */
  async count(
    { registrationId, school, way }: { registrationId: string; school: string; way: Row['way'] },
    fields: ReadonlySet<ReleasedField>,
    people: number,
  ): Promise<void> {
    if (people === 0) return;
    await this.#knex('released_data')
      .insert({
        registration_id: registrationId,
        school_id: school,
        way,
        fields: [...fields].sort(),
        month: this.#knex.raw(`date_trunc('month', now())::date`),
        times: people,
      })
      .onConflict(['school_id', 'registration_id', 'month', 'way', 'fields'])
      .merge({ times: this.#knex.raw('released_data.times + excluded.times') });
  }

  async of(school: string): Promise<ToolReleases[]> {
    const { registrations } = await this.#registrations.list();
    const withheld: { registration_id: string; fields: WithheldField[] }[] = await this.#knex('withheld_data').where({
      school_id: school,
    });
    const rows: Row[] = await this.#knex('released_data')
      .select('registration_id', 'way', 'fields', this.#knex.raw(`to_char(month, 'YYYY-MM') as month`), 'times')
      .where({ school_id: school })
      .orderBy([{ column: 'month', order: 'desc' }, 'registration_id', 'way', 'fields'])
      .limit(mostRows);
    const tools = registrations.filter(({ active }) => active);
    return tools.map(({ id, key, name, release, scopes }) => ({
      key,
      name,
      asks: { ...release, members: scopes.includes(membersScope) },
      withheld: withheld.find(({ registration_id }) => registration_id === id)?.fields ?? [],
      released: perField(rows.filter(({ registration_id }) => registration_id === id)),
    }));
  }

  async withhold(school: string, key: string, fields: readonly WithheldField[]): Promise<void> {
    const found = await this.#knex('registrations').where({ key }).first('id');
    if (found === undefined) throw notFound();
    await this.#knex('withheld_data')
      .insert({ school_id: school, registration_id: found.id, fields: [...new Set(fields)].sort() })
      .onConflict(['school_id', 'registration_id'])
      .merge({ fields: this.#knex.raw('excluded.fields'), updated_at: this.#knex.fn.now() });
  }

  async #withheldBy(school: string, registrationId: string): Promise<WithheldField[]> {
    const row = await this.#knex('withheld_data').where({ school_id: school, registration_id: registrationId }).first('fields');
    return row?.fields ?? [];
  }
}

/** Counts by month and field. */
function perField(rows: readonly Row[]): ToolReleases['released'] {
  const counts = new Map<string, ToolReleases['released'][number]>();
  for (const { month, way, fields, times } of rows) {
    for (const field of fields) {
      const key = `${month} ${way} ${field}`;
      const known = counts.get(key) ?? { month, way, field, times: 0 };
      counts.set(key, { ...known, times: known.times + Number(times) });
    }
  }
  return [...counts.values()];
}
