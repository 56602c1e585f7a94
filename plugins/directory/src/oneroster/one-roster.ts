import { forbidden, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { OneRosterImport, RosterFeed, RosterFeedOptions, RosterFeedReport } from '../exports.js';
import type { CountedTable, Counts } from './changes.js';
import { RosterError } from './faults.js';
import type { FeedImporter } from './feed-importer.js';
import type { Importer } from './importer.js';

/** `directory.oneroster` */
export class OneRoster implements OneRosterImport {
  readonly #importer: Importer;
  readonly #principal: Principal;
  readonly #actAs: Dependencies['actAs'];

  constructor({ importer, principal, actAs }: Dependencies & { importer: Importer }) {
    this.#importer = importer;
    this.#principal = principal;
    this.#actAs = actAs;
  }

  async importFrom(path: string, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Record<CountedTable, Counts>> {
    const report = await this.#importer.run(path, { dryRun });
    if (report.faults.length > 0) throw new RosterError(report.faults, report.faultCount);
    return report.tables;
  }

  async takeFeed(school: string, feed: RosterFeed, options: RosterFeedOptions): Promise<RosterFeedReport> {
    const { kind, tenants } = this.#principal;
    if (kind !== 'system') throw forbidden('Only the portal itself takes the feed of a school.');
    if (tenants !== '*' && !tenants.includes(school)) throw forbidden('This is not the school for which the work is done.');
    // As the system, because people may also be in other schools; the importer changes this school only.
    return this.#actAs(systemPrincipal(), ({ feedImporter }: { feedImporter: FeedImporter }) =>
      feedImporter.run(school, feed, options),
    );
  }
}
