import { conflict } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { LaunchContext, LaunchRequest } from '../exports.js';

/** What is stored of a placement; null: nothing. */
interface Known {
  context: { title: string; classId: string | null; limited: boolean } | null;
  link: { title: string; context: string | null } | null;
  /** Whether the line item that comes with the placement is there. */
  hasItem: boolean;
}

/**
 * Where tools are placed: contexts (a learning path assigned to a class), their resource links (steps), and the line items of the links.
 */
export class Placements {
  readonly #knex: Knex;

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /**
   * Adds the placement of a launch, or updates its titles. Its line item is created once; after that the tool may change it. Rows that are
   * up to date are not written, because a whole class may launch the same placement at once.
   *
   * @throws Problem 409 if the resource link belongs to another context
   */
  async place(registrationId: string, { context, resourceLinkId, title, school, lineItem }: LaunchRequest): Promise<void> {
    const now = this.#knex.fn.now();
    const contextId = context?.id ?? null;
    const link = { registration_id: registrationId, id: resourceLinkId };
    const known = await this.#known(link, contextId);
    if (context !== null) await this.#placeContext(context, school, known.context);
    if (known.link !== null && known.link.context !== contextId) {
      throw conflict('lti/resource-link-elsewhere', `The resource link "${resourceLinkId}" belongs to another context.`);
    }
    if (known.link?.title !== title) {
      await this.#knex('resource_links')
        .insert({ ...link, context_id: contextId, school_id: school, title })
        .onConflict(['registration_id', 'id'])
        .merge({ title, updated_at: now });
    }
    if (lineItem === null || contextId === null || known.hasItem) return;
    await this.#knex('line_items')
      .insert({
        registration_id: registrationId,
        context_id: contextId,
        resource_link_id: resourceLinkId,
        school_id: school,
        label: lineItem.label,
        score_maximum: lineItem.scoreMaximum,
        resource_id: lineItem.resourceId ?? null,
        tag: lineItem.tag ?? null,
        of_placement: true,
      })
      .onConflict(this.#knex.raw('(registration_id, resource_link_id) where of_placement'))
      .ignore();
  }

  /** What is stored of a placement, in one statement. */
  async #known(link: { registration_id: string; id: string }, contextId: string | null): Promise<Known> {
    const { rows } = await this.#knex.raw<{ rows: [Known] }>(
      `select (select json_build_object('title', title, 'classId', class_id, 'limited', limited) from contexts where id = ?) as context,
         (select json_build_object('title', title, 'context', context_id) from resource_links where registration_id = ? and id = ?) as link,
         exists (select from line_items where registration_id = ? and resource_link_id = ? and of_placement) as "hasItem"`,
      [contextId, link.registration_id, link.id, link.registration_id, link.id],
    );
    return rows[0];
  }

  async #placeContext({ id, title, classId, pupils }: LaunchContext, school: string, known: Known['context']): Promise<void> {
    const now = this.#knex.fn.now();
    const row = { title, class_id: classId ?? null, limited: pupils !== undefined };
    if (known?.title !== row.title || known.classId !== row.class_id || known.limited !== row.limited) {
      await this.#knex('contexts')
        .insert({ ...row, id, school_id: school })
        .onConflict('id')
        .merge({ ...row, updated_at: now });
    }
    if (!row.limited && known?.limited !== true) return;
    const stored: string[] = await this.#knex('context_pupils').where({ context_id: id }).pluck('person_id');
    const chosen = [...new Set(pupils ?? [])];
    const gone = stored.filter((each) => !chosen.includes(each));
    const added = chosen.filter((each) => !stored.includes(each));
    if (gone.length > 0) await this.#knex('context_pupils').where({ context_id: id }).whereIn('person_id', gone).delete();
    if (added.length > 0) {
      await this.#knex('context_pupils')
        .insert(added.map((personId) => ({ context_id: id, school_id: school, person_id: personId })))
        .onConflict(['context_id', 'person_id'])
        .ignore();
    }
  }

  /** The school of a context in which the tool is placed; null if it is not placed there. Requires the system principal. */
  async schoolOf(registrationId: string, contextId: string): Promise<string | null> {
    const row = await this.#knex('resource_links')
      .where({ registration_id: registrationId, context_id: contextId })
      .first('school_id');
    return row?.school_id ?? null;
  }

  async hasResourceLink(registrationId: string, contextId: string, resourceLinkId: string): Promise<boolean> {
    const link = { registration_id: registrationId, context_id: contextId, id: resourceLinkId };
    return (await this.#knex('resource_links').where(link).first('id')) !== undefined;
  }

  /** Ids of the tool's line items for a resource link. */
  async lineItemsOf(registrationId: string, resourceLinkId: string): Promise<string[]> {
    return this.#knex('line_items').where({ registration_id: registrationId, resource_link_id: resourceLinkId }).pluck('id');
  }
}
