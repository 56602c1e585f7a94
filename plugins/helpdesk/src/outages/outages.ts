import { conflict, notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { audiencesOf } from '../knowledge/audiences.js';
import { unsolved } from '../tickets/states.js';
import type { Ticketing } from '../tickets/ticketing.js';
import type { BoardTool, ToolBoard } from './tool-board.js';

export interface OutageTexts {
  publicText: string;
  staffText: string;
  pupilText: string;
}

export interface OutageInput extends OutageTexts {
  tools: string[];
  severity: 'slow' | 'down';
}

export interface Outage extends OutageInput {
  id: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Linked tickets, and those of them that are not solved. */
  tickets: number;
  unsolved: number;
  /** Unsolved tickets about these tools that are linked to no outage. */
  linkable: number;
}

/** What somebody reads where a tool stands that does not work well. */
export interface Notice {
  tools: string[];
  names: string[];
  severity: 'slow' | 'down';
  /** Empty: only that it is so. */
  text: string;
  since: Date;
  /** Those of the activities that were asked for that are of these tools. */
  activities: string[];
}

export const mostOpen = 50;
export const mostEnded = 50;
export const mostActivities = 300;
const mostLinked = 200;

/** Outages: what is said to whom, and the tickets that are about them. */
export class Outages {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #library: Dependencies['library'];
  readonly #ticketing: Ticketing;
  readonly #toolBoard: ToolBoard;

  constructor({ knex, principal, library, ticketing, toolBoard }: Dependencies & { ticketing: Ticketing; toolBoard: ToolBoard }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#library = library;
    this.#ticketing = ticketing;
    this.#toolBoard = toolBoard;
  }

  /** Open ones first, then those that ended last. */
  async list(): Promise<Outage[]> {
    const open = await this.#query().whereNull('o.ended_at').orderByRaw('o.started_at desc, o.id').limit(mostOpen);
    const ended = await this.#query().whereNotNull('o.ended_at').orderByRaw('o.ended_at desc, o.id').limit(mostEnded);
    return [...open, ...ended];
  }

  async begin({ tools, severity, ...texts }: OutageInput): Promise<string> {
    const [row] = await this.#knex('outages')
      .insert({ tools, severity, ...columnsOf(texts), author_id: this.#principal.id })
      .returning('id');
    return row.id;
  }

  async change(id: string, { tools, severity, ...texts }: OutageInput): Promise<void> {
    const columns = { tools, severity, ...columnsOf(texts), updated_at: this.#knex.fn.now() };
    if ((await this.#knex('outages').where({ id }).whereNull('ended_at').update(columns)) === 0) throw notFound();
  }

  /** Links the unsolved tickets about these tools that are linked to no outage; returns how many. */
  async linkTickets(id: string): Promise<number> {
    const { tools } = await this.#open(id);
    const ids: string[] = await this.#knex('tickets')
      .whereNull('outage_id')
      .whereIn('state', [...unsolved])
      .whereRaw('tool_key = any(?::text[])', [tools])
      .orderBy('id')
      .limit(mostLinked)
      .pluck('id');
    await this.#ticketing.linkToOutage(ids, id);
    return ids.length;
  }

  /** Links a ticket that was just opened to the outage of its tool. */
  async linkNew(ticketId: string): Promise<void> {
    const ticket = await this.#knex('tickets')
      .where({ id: ticketId })
      .whereNull('outage_id')
      .whereNotNull('tool_key')
      .first('tool_key');
    if (ticket === undefined) return;
    const outage = await this.#knex('outages')
      .whereNull('ended_at')
      .whereRaw('tools @> array[?]', [ticket.tool_key])
      .orderByRaw('started_at, id')
      .first('id');
    if (outage !== undefined) await this.#ticketing.linkToOutage([ticketId], outage.id);
  }

  /** Writes the same message in every unsolved ticket; returns how many. */
  async updateAll(id: string, text: string): Promise<number> {
    await this.#open(id);
    return this.#ticketing.updateAll(id, text);
  }

  /** Ends the outage, and solves its tickets with the same message; returns how many. */
  async end(id: string, text: string): Promise<number> {
    await this.#open(id);
    await this.#knex('outages').where({ id }).update({ ended_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() });
    return this.#ticketing.closeAll(id, text);
  }

  /**
   * What the caller should know now, in the words for them.
   *
   * @param about only of these tools, and of those of these activities; null: everything
   * @param reader for whom the words are; the caller unless told otherwise
   */
  async notices(
    about: { tools: readonly string[]; activities: readonly string[] } | null,
    reader: Principal = this.#principal,
  ): Promise<Notice[]> {
    const board = new Map((await this.#toolBoard.tools()).map((tool) => [tool.key, tool]));
    const open: Outage[] = await this.#texts().whereNull('o.ended_at').orderByRaw('o.started_at desc, o.id').limit(mostOpen);
    const activities = about === null ? [] : await this.#toolsOf(about.activities);
    const wanted = about === null ? null : new Set([...about.tools, ...activities.map(({ key }) => key)]);
    const ofOutages: Notice[] = open.map(({ tools, severity, startedAt, ...texts }) => ({
      ...{ tools, severity, since: startedAt },
      names: tools.map((key) => board.get(key)?.name ?? key),
      text: textFor(texts, reader),
      activities: [],
    }));
    const covered = new Set(ofOutages.flatMap(({ tools }) => tools));
    const measured = [...board.values()].flatMap((tool) => (covered.has(tool.key) ? [] : noticeOf(tool)));
    return [...ofOutages, ...measured]
      .filter(({ tools }) => wanted === null || tools.some((key) => wanted.has(key)))
      .map((notice) => ({
        ...notice,
        activities: activities.flatMap(({ id, key }) => (notice.tools.includes(key) ? [id] : [])),
      }));
  }

  /** Those of these activities that a tool gives, or that a teacher chose in one, with the key of the tool. */
  async #toolsOf(activities: readonly string[]): Promise<{ id: string; key: string }[]> {
    if (activities.length === 0 || this.#library === undefined) return [];
    const { rows } = await this.#knex.raw<{ rows: { id: string; key: string }[] }>(
      `select id, substr(source, strpos(source, ':') + 1) as key from library.activity_states
       where id = any(?::uuid[]) and (starts_with(source, 'tool:') or starts_with(source, 'choice:')) limit ?`,
      [[...activities], mostActivities],
    );
    return rows;
  }

  async #open(id: string): Promise<{ tools: string[] }> {
    const row = await this.#knex('outages').where({ id }).forUpdate().first('tools', 'ended_at');
    if (row === undefined) throw notFound();
    if (row.ended_at !== null) throw conflict('helpdesk/outage-over', 'This outage has ended.');
    return row;
  }

  #texts(): Knex.QueryBuilder {
    return this.#knex('outages as o')
      .select('o.id', 'o.tools', 'o.severity')
      .select({ publicText: 'o.public_text', staffText: 'o.staff_text', pupilText: 'o.pupil_text' })
      .select({ startedAt: 'o.started_at', endedAt: 'o.ended_at' });
  }

  #query(): Knex.QueryBuilder {
    return this.#texts().select(
      this.#knex.raw(
        `(select count(*)::int from tickets t where t.outage_id = o.id) as tickets,
           (select count(*)::int from tickets t where t.outage_id = o.id and t.state = any(?::text[])) as unsolved,
           (select count(*)::int from tickets t
              where o.ended_at is null and t.outage_id is null and t.state = any(?::text[]) and t.tool_key = any(o.tools)) as linkable`,
        [[...unsolved], [...unsolved]],
      ),
    );
  }

  /** Those that ended last, for everyone: without anything of tickets. */
  async ended(): Promise<Pick<Outage, 'tools' | 'publicText' | 'startedAt' | 'endedAt'>[]> {
    return this.#texts().whereNotNull('o.ended_at').orderByRaw('o.ended_at desc, o.id').limit(mostEnded);
  }
}

function textFor({ publicText, staffText, pupilText }: OutageTexts, reader: Principal): string {
  const audiences = audiencesOf(reader);
  if (audiences.includes('staff')) return staffText || publicText;
  return audiences.includes('pupils') ? pupilText || publicText : publicText;
}

const noticeOf = ({ key, name, state, since }: BoardTool): Notice[] =>
  state === 'works' ? [] : [{ tools: [key], names: [name], severity: state, text: '', since, activities: [] }];

const columnsOf = ({ publicText, staffText, pupilText }: OutageTexts) => ({
  public_text: publicText,
  staff_text: staffText,
  pupil_text: pupilText,
});
