import { notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Placements } from '../launches/placements.js';
import type { LineItemInput, LineItemQuery, LineItemView } from './line-item.js';

export interface LineItemRow {
  id: string;
  /** Increases with creation; used for paging. The driver returns PostgreSQL's bigint as text. */
  number: string;
  context_id: string;
  school_id: string;
  resource_link_id: string | null;
  label: string;
  score_maximum: number;
  resource_id: string | null;
  tag: string | null;
  starts_at: Date | null;
  ends_at: Date | null;
  /** True if the platform created it for a placement; false if the tool created it. */
  of_placement: boolean;
}

export interface Page<T> {
  items: T[];
  /** Value of `after` for the next page; null on the last page. */
  after: string | null;
}

/** The acting tool's line items in a context (AGS 2.0 §3.2). A tool cannot see those of other tools. */
export class LineItemService {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #placements: Placements;

  constructor({ knex, principal, portal, placements }: Dependencies & { placements: Placements }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#portal = portal;
    this.#placements = placements;
  }

  async list(contextId: string, query: LineItemQuery): Promise<Page<LineItemView>> {
    const rows: LineItemRow[] = await this.#own(contextId)
      .modify((items) => {
        if (query.resource_link_id !== undefined) items.where({ resource_link_id: query.resource_link_id });
        if (query.resource_id !== undefined) items.where({ resource_id: query.resource_id });
        if (query.tag !== undefined) items.where({ tag: query.tag });
      })
      .where('number', '>', query.after)
      .orderBy('number')
      .limit(query.limit + 1);
    return pageOf(rows, query.limit, (row) => this.#view(row));
  }

  /** @throws Problem 404 if the resource link is not a link of this tool in this context (AGS 2.0 §3.2.9) */
  async create(contextId: string, input: LineItemInput): Promise<LineItemView> {
    const toolId = this.#toolId();
    if (
      typeof input.resourceLinkId === 'string' &&
      !(await this.#placements.hasResourceLink(toolId, contextId, input.resourceLinkId))
    ) {
      throw notFound('resourceLinkId is not a resource link of this tool in this context.');
    }
    const [row] = await this.#knex('line_items')
      .insert({
        ...changeable(input),
        registration_id: toolId,
        context_id: contextId,
        school_id: this.#knex('contexts').where({ id: contextId }).select('school_id'),
        resource_link_id: input.resourceLinkId ?? null,
      })
      .returning('*');
    return this.#view(row);
  }

  async get(contextId: string, id: string): Promise<LineItemView> {
    return this.#view(await this.row(contextId, id));
  }

  /** @throws Problem 400 if `resourceLinkId` would change */
  async update(contextId: string, id: string, input: LineItemInput): Promise<LineItemView> {
    const current = await this.row(contextId, id);
    if (typeof input.resourceLinkId === 'string' && input.resourceLinkId !== current.resource_link_id) {
      throw new Problem({
        type: 'lti/resource-link-fixed',
        status: 400,
        title: 'Bad request',
        detail: 'resourceLinkId of a line item cannot be changed.',
      });
    }
    const [row] = await this.#own(contextId)
      .where({ id })
      .update({ ...changeable(input), updated_at: this.#knex.fn.now() })
      .returning('*');
    return this.#view(row);
  }

  /** @throws Problem 405 for the line item of a placement, which only the portal may remove */
  async remove(contextId: string, id: string): Promise<void> {
    const current = await this.row(contextId, id);
    if (current.of_placement) {
      throw new Problem({
        type: 'lti/line-item-of-placement',
        status: 405,
        title: 'Method not allowed',
        detail: 'The portal made this line item for a step; a tool may change it but not delete it.',
        headers: { allow: 'GET, PUT' },
      });
    }
    await this.#own(contextId).where({ id }).delete();
  }

  /**
   * @param lock prevents others from deleting or withdrawing the line item until the unit of work ends
   * @throws Problem 404, also if the id is not a UUID: a wrong address must not look like an error in the body
   */
  async row(contextId: string, id: string, { lock = false } = {}): Promise<LineItemRow> {
    if (!z.uuid().safeParse(id).success) throw notFound();
    const row: LineItemRow | undefined = await this.#own(contextId)
      .where({ id })
      .modify((query) => {
        if (lock) query.forKeyShare();
      })
      .first();
    if (row === undefined) throw notFound();
    return row;
  }

  addressOf(contextId: string, id?: string): string {
    const container = `${this.#portal.url}/api/lti/contexts/${contextId}/lineitems`;
    return id === undefined ? container : `${container}/${id}`;
  }

  #own(contextId: string) {
    return this.#knex('line_items').where({ registration_id: this.#toolId(), context_id: contextId });
  }

  #toolId(): string {
    if (this.#principal.kind !== 'tool' || this.#principal.id === null)
      throw new Error('line items need a tool as the principal');
    return this.#principal.id;
  }

  #view(row: LineItemRow): LineItemView {
    return {
      id: this.addressOf(row.context_id, row.id),
      label: row.label,
      scoreMaximum: row.score_maximum,
      ...(row.resource_id === null ? {} : { resourceId: row.resource_id }),
      ...(row.tag === null ? {} : { tag: row.tag }),
      ...(row.resource_link_id === null ? {} : { resourceLinkId: row.resource_link_id }),
      ...(row.starts_at === null ? {} : { startDateTime: row.starts_at.toISOString() }),
      ...(row.ends_at === null ? {} : { endDateTime: row.ends_at.toISOString() }),
    };
  }
}

/** The columns that a tool may set. */
function changeable({ label, scoreMaximum, resourceId, tag, startDateTime, endDateTime }: LineItemInput) {
  return {
    label: label.trim(),
    score_maximum: scoreMaximum,
    resource_id: resourceId ?? null,
    tag: tag ?? null,
    starts_at: startDateTime ?? null,
    ends_at: endDateTime ?? null,
  };
}

/** @param rows up to `limit` + 1: one more than `limit` means that there is a next page */
export function pageOf<Row extends { number: string }, T>(rows: Row[], limit: number, view: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(view), after: rows.length > limit ? (shown.at(-1)?.number ?? null) : null };
}
