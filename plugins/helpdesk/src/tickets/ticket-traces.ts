import type { Dependencies } from '../dependencies.js';
import type { Ticket, TraceLine } from '../models.js';

export interface KeptTrace {
  code: string;
  tool: string;
  lines: TraceLine[];
  happenedAt: Date;
}

/** The traces of failed launches that go with tickets. */
export class TicketTraces {
  readonly #knex: Dependencies['knex'];
  readonly #lti: Dependencies['lti'];

  constructor({ knex, lti }: Dependencies) {
    this.#knex = knex;
    this.#lti = lti;
  }

  /** What would be sent with a ticket: found among the launches of the caller's schools; null if there is nothing under the code. */
  async preview(code: string): Promise<KeptTrace | null> {
    const trace = (await this.#lti?.launches.trace(code)) ?? null;
    const last = trace?.lines.at(-1);
    if (trace === null || last === undefined) return null;
    const lines = trace.lines.map(({ at, step, outcome, text, code: of }) => ({ at, step, outcome, text, code: of }));
    return { code, tool: trace.tool ?? '', lines, happenedAt: new Date(last.at) };
  }

  /** Keeps a trace with a ticket; a code that nobody knows is left out. */
  async attach({ id, school_id, provider_id }: Ticket, code: string): Promise<void> {
    const trace = await this.preview(code);
    if (trace === null) return;
    await this.#knex('ticket_traces').insert({
      ...{ ticket_id: id, school_id, provider_id, code: trace.code, tool: trace.tool },
      ...{ lines: JSON.stringify(trace.lines), happened_at: trace.happenedAt },
    });
  }

  async of(ticketId: string): Promise<KeptTrace | null> {
    const row = await this.#knex('ticket_traces').where({ ticket_id: ticketId }).first();
    return row === undefined ? null : { code: row.code, tool: row.tool, lines: row.lines, happenedAt: row.happened_at };
  }
}
