import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { LaunchTrace, TraceLine } from '../exports.js';
import { translator } from '../messages.js';

/** Lines of one launch: a launch has few steps, but a tool may send requests again and again. */
const mostLines = 200;

export interface TraceQuery {
  code?: string | undefined;
  /** Id of the tool's registration. */
  tool?: string | undefined;
  school?: string | undefined;
  /** Start of the hour. */
  hour?: string | undefined;
  limit: number;
}

export interface FoundLine extends TraceLine {
  number: string;
  launchId: string | null;
  tool: string | null;
  school: string | null;
}

interface Row {
  number: string;
  happened_at: Date;
  request_code: string;
  launch_id: string | null;
  registration_id: string | null;
  school_id: string | null;
  step: string;
  outcome: string;
  tool: string | null;
}

/** Reads the trace of launches. Callers see the lines of their schools; those of no school only if they act for the whole portal. */
export class Traces {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  /** See `Launches.trace`. */
  async of(code: string, language = 'nl'): Promise<LaunchTrace | null> {
    const asked = code.trim();
    if (asked === '' || asked.length > 100) return null;
    const named: Row | undefined = await this.#rows()
      .where({ request_code: asked })
      .orderByRaw('launch_id nulls last, number')
      .first();
    const launchId = named === undefined ? (z.uuid().safeParse(asked).data ?? null) : named.launch_id;
    const rows: Row[] = await this.#rows()
      .where(launchId === null ? { request_code: asked } : { launch_id: launchId })
      .orderBy('number')
      .limit(mostLines);
    const prepared =
      launchId === null ? undefined : await this.#knex('launches').where({ id: launchId }).first('created_at', 'school_id');
    if (rows.length === 0 && prepared === undefined) return null;
    const first: TraceLine[] =
      prepared === undefined
        ? []
        : [this.#line({ happened_at: prepared.created_at, request_code: '', step: 'prepared', outcome: 'ok' }, language)];
    return {
      launchId,
      tool: rows.find(({ tool }) => tool !== null)?.tool ?? null,
      school: rows.find(({ school_id }) => school_id !== null)?.school_id ?? prepared?.school_id ?? null,
      lines: [...first, ...rows.map((row) => this.#line(row, language))],
    };
  }

  /** Lines that fit, newest first. `before`: the number of the last line of the previous page. */
  async find({ code, tool, school, hour, limit }: TraceQuery, before: string | null, language: string): Promise<FoundLine[]> {
    const rows: Row[] = await this.#rows()
      .modify((lines) => {
        if (code !== undefined) {
          const launch = z.uuid().safeParse(code).success ? code : null;
          lines.where((either) => {
            either
              .where('trace_lines.request_code', code)
              .orWhereIn('trace_lines.launch_id', this.#knex('trace_lines').where({ request_code: code }).select('launch_id'));
            if (launch !== null) either.orWhere('trace_lines.launch_id', launch);
          });
        }
        if (tool !== undefined) lines.where('trace_lines.registration_id', tool);
        if (school !== undefined) lines.where('trace_lines.school_id', school);
        if (hour !== undefined) {
          const from = new Date(hour);
          lines.where('happened_at', '>=', from).where('happened_at', '<', new Date(from.getTime() + 3_600_000));
        }
        if (before !== null) lines.where('number', '<', before);
      })
      .orderBy('number', 'desc')
      .limit(limit);
    return rows.map((row) => ({
      ...this.#line(row, language),
      number: row.number,
      launchId: row.launch_id,
      tool: row.tool,
      school: row.school_id,
    }));
  }

  #rows() {
    const rows = this.#knex('trace_lines')
      .leftJoin('registrations', 'registrations.id', 'trace_lines.registration_id')
      .select('trace_lines.*', 'registrations.name as tool');
    if (this.#principal.tenants !== '*') rows.whereNotNull('trace_lines.school_id');
    return rows;
  }

  #line(row: Pick<Row, 'happened_at' | 'request_code' | 'step' | 'outcome'>, language: string): TraceLine {
    const t = translator(language);
    const known = `trace.outcomes.${row.outcome}`;
    const text = t(known);
    return {
      at: row.happened_at.toISOString(),
      step: row.step,
      outcome: row.outcome,
      text: `${t(`trace.steps.${row.step}`)}: ${text === known ? t('trace.outcomes.other', { code: row.outcome }) : text}`,
      code: row.request_code,
    };
  }
}
