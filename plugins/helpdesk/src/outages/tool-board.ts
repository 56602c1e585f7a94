import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { measuredState, type ToolState, thresholds, worst } from './states.js';

export interface BoardTool {
  key: string;
  name: string;
  /** What holds: by hand if somebody said so, otherwise the worse of its outage and what was measured. */
  state: ToolState;
  measured: ToolState;
  byHand: ToolState | null;
  launches: number;
  failures: number;
  medianSeconds: number | null;
  since: Date;
}

export const mostTools = 500;

interface Row {
  tool_key: string;
  name: string;
  measured: ToolState;
  by_hand: ToolState | null;
  launches: number;
  failures: number;
  median_seconds: number | null;
  since: Date;
  severities: ToolState[] | null;
}

/** The state of each tool. Numbers of launches are kept, nothing of who launched. */
export class ToolBoard {
  readonly #knex: Knex;
  readonly #lti: Dependencies['lti'];
  readonly #clock: Dependencies['clock'];

  constructor({ knex, lti, clock }: Dependencies) {
    this.#knex = knex;
    this.#lti = lti;
    this.#clock = clock;
  }

  /** By name. */
  async tools(): Promise<BoardTool[]> {
    const rows: Row[] = await this.#knex('tool_states as t')
      .orderBy(['t.name', 't.tool_key'])
      .limit(mostTools)
      .select('t.*')
      .select(
        this.#knex.raw(
          '(select array_agg(severity) from outages o where o.ended_at is null and o.tools @> array[t.tool_key]) as severities',
        ),
      );
    return rows.map((row) => ({
      ...{ key: row.tool_key, name: row.name, measured: row.measured, byHand: row.by_hand },
      ...{ launches: row.launches, failures: row.failures, medianSeconds: row.median_seconds, since: row.since },
      state: row.by_hand ?? worst([row.measured, ...(row.severities ?? [])]),
    }));
  }

  /** Says how a tool does, whatever is measured; null: as measured again. */
  async setByHand(key: string, state: ToolState | null): Promise<boolean> {
    const changed = await this.#knex('tool_states')
      .where({ tool_key: key })
      .update({ by_hand: state, since: this.#knex.fn.now() });
    return changed > 0;
  }

  /** Counts the launches of the last minutes of all schools. Requires the system principal. */
  async measure(): Promise<void> {
    if (this.#lti === undefined) return;
    const since = new Date(this.#clock.now().getTime() - thresholds.minutes * 60_000);
    const rates = await this.#lti.launches.rates(since);
    const rows = rates.map((rate) => ({
      ...{ key: rate.key, name: rate.name, launches: rate.launches, failures: rate.failures, median: rate.medianSeconds },
      measured: measuredState(rate),
    }));
    await this.#knex.raw(
      `insert into tool_states as t (tool_key, name, launches, failures, median_seconds, measured)
       select key, name, launches, failures, median, measured
       from jsonb_to_recordset(?::jsonb) as r(key text, name text, launches int, failures int, median double precision, measured text)
       order by key
       on conflict (tool_key) do update set name = excluded.name, launches = excluded.launches, failures = excluded.failures,
         median_seconds = excluded.median_seconds, measured = excluded.measured, measured_at = now(),
         since = case when t.measured = excluded.measured then t.since else now() end
       where (t.name, t.launches, t.failures, t.median_seconds, t.measured)
         is distinct from (excluded.name, excluded.launches, excluded.failures, excluded.median_seconds, excluded.measured)`,
      [JSON.stringify(rows)],
    );
  }
}
