import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseHome } from '../database/homes/home.js';
import type { Diagnosis } from '../foundation/diagnosis.js';
import type { PublicState } from '../plugins/gate.js';
import type { Queryable } from '../plugins/plugin-store.js';

export type ReportedState = PublicState & { faults?: Diagnosis[] };

/** A running process's report on its plugins. */
export interface ProcessReport {
  id: string;
  /** `<host>:<pid>`. */
  name: string;
  plugins: Record<string, ReportedState>;
  /** Everything that operators decided before this time has been applied. */
  looked_at: Date;
}

/** A process without a heartbeat for this long is gone. */
const GONE = "interval '30 seconds'";

/** The live processes of the portal, as each last reported. */
export async function liveProcesses(database: Queryable): Promise<ProcessReport[]> {
  const { rows } = await database.query<ProcessReport>(
    `select id, name, plugins, looked_at from kernel.processes where seen_at > now() - ${GONE} order by name`,
  );
  return rows;
}

/** The row of this process in `kernel.processes`. */
export class ProcessRecord {
  readonly id = randomUUID();
  readonly name = `${hostname()}:${process.pid}`;

  constructor(private readonly home: DatabaseHome) {}

  /** Writes the heartbeat; returns the database's time. */
  async beat(): Promise<Date> {
    const { rows } = await this.home.pool.query<{ at: Date }>(
      `with beat as (update kernel.processes set seen_at = clock_timestamp() where id = $1) select clock_timestamp() as at`,
      [this.id],
    );
    return rows[0]?.at as Date;
  }

  async write(plugins: Record<string, ReportedState>, lookedAt: Date): Promise<void> {
    await this.home.pool.query(
      `with gone as (delete from kernel.processes where seen_at < now() - interval '1 day')
       insert into kernel.processes (id, name, plugins, looked_at) values ($1, $2, $3, $4)
       on conflict (id) do update set plugins = excluded.plugins, looked_at = excluded.looked_at, seen_at = clock_timestamp()`,
      [this.id, this.name, JSON.stringify(plugins), lookedAt],
    );
  }

  async remove(): Promise<void> {
    await this.home.pool.query('delete from kernel.processes where id = $1', [this.id]);
  }
}
