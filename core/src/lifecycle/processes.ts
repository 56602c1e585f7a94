import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseHome } from '../database/home.js';
import type { Fault } from '../plugins/fault.js';
import type { PublicState } from '../plugins/gate.js';
import type { Queryable } from '../plugins/stored-states.js';

export type ReportedState = PublicState & { faults?: Pick<Fault, 'where' | 'message' | 'mend'>[] };

/** What a running portal says of its plugins. */
export interface ProcessReport {
  id: string;
  /** `<host>:<pid>`. */
  name: string;
  plugins: Record<string, ReportedState>;
  seen_at: Date;
}

/** A process that was not heard for so long is gone. */
const GONE = "interval '30 seconds'";

/** The portal's processes that are alive, as each last told of itself. */
export async function liveProcesses(database: Queryable): Promise<ProcessReport[]> {
  const { rows } = await database.query<ProcessReport>(
    `select id, name, plugins, seen_at from kernel.processes where seen_at > now() - ${GONE} order by name`,
  );
  return rows;
}

/** This process's own row. */
export class ProcessRow {
  readonly id = randomUUID();
  readonly name = `${hostname()}:${process.pid}`;

  constructor(private readonly home: DatabaseHome) {}

  /** Returns the database's time. */
  async write(plugins: Record<string, ReportedState>): Promise<Date> {
    const { rows } = await this.home.pool.query<{ seen_at: Date }>(
      `with gone as (delete from kernel.processes where seen_at < now() - interval '1 day')
       insert into kernel.processes (id, name, plugins) values ($1, $2, $3)
       on conflict (id) do update set plugins = excluded.plugins, seen_at = clock_timestamp()
       returning seen_at`,
      [this.id, this.name, JSON.stringify(plugins)],
    );
    return rows[0]?.seen_at as Date;
  }

  async remove(): Promise<void> {
    await this.home.pool.query('delete from kernel.processes where id = $1', [this.id]);
  }
}
