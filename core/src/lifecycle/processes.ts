import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseHome } from '../database/home.js';
import type { Fault } from '../plugins/fault.js';
import type { PublicState } from '../plugins/gate.js';

export type ReportedState = PublicState & { faults?: Pick<Fault, 'where' | 'message' | 'mend'>[] };

/** What a running portal says of its plugins. */
export interface ProcessReport {
  /** `<host>:<pid>`. */
  name: string;
  plugins: Record<string, ReportedState>;
  seen_at: Date;
}

/** A process that was not heard for so long is gone. */
const GONE = "interval '30 seconds'";

/** The portal's processes that are alive, as each last told of itself. */
export async function liveProcesses({ pool }: DatabaseHome): Promise<ProcessReport[]> {
  const { rows } = await pool.query<ProcessReport>(
    `select name, plugins, seen_at from kernel.processes where seen_at > now() - ${GONE} order by name`,
  );
  return rows;
}

/** This process's own row. */
export class ProcessRow {
  readonly #id = randomUUID();

  constructor(private readonly home: DatabaseHome) {}

  async write(plugins: Record<string, ReportedState>): Promise<void> {
    await this.home.pool.query(
      `with gone as (delete from kernel.processes where seen_at < now() - interval '1 day')
       insert into kernel.processes (id, name, plugins) values ($1, $2, $3)
       on conflict (id) do update set plugins = excluded.plugins, seen_at = clock_timestamp()`,
      [this.#id, `${hostname()}:${process.pid}`, JSON.stringify(plugins)],
    );
  }

  async remove(): Promise<void> {
    await this.home.pool.query('delete from kernel.processes where id = $1', [this.#id]);
  }
}
