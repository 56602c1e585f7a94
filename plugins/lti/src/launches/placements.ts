import { conflict } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import type { LaunchRequest } from '../exports.js';

/** Where a tool stands: contexts (a path as given to a class), resource links in them (a step), and the line item of a link. */
export class Placements {
  readonly #knex: Knex;

  constructor({ knex }: Cradle) {
    this.#knex = knex;
  }

  /**
   * Adds the placement of a launch, or brings its titles up to date. Its line item is made once; from then on the tool may
   * change it. A whole class launches the same placement at once: rows that are right already are left unlocked.
   *
   * @throws Problem 409 when the resource link stands in another context
   */
  async place(registrationId: string, { context, resourceLinkId, title, school, lineItem }: LaunchRequest): Promise<void> {
    const now = this.#knex.fn.now();
    const knownContext = await this.#knex('contexts').where({ id: context.id }).first('title');
    if (knownContext?.title !== context.title) {
      await this.#knex('contexts')
        .insert({ id: context.id, school_id: school, title: context.title })
        .onConflict('id')
        .merge({ title: context.title, updated_at: now });
    }
    const link = { registration_id: registrationId, id: resourceLinkId };
    const knownLink = await this.#knex('resource_links').where(link).first('title', 'context_id');
    if (knownLink !== undefined && knownLink.context_id !== context.id) {
      throw conflict('lti/resource-link-elsewhere', `The resource link "${resourceLinkId}" stands in another context.`);
    }
    if (knownLink?.title !== title) {
      await this.#knex('resource_links')
        .insert({ ...link, context_id: context.id, school_id: school, title })
        .onConflict(['registration_id', 'id'])
        .merge({ title, updated_at: now });
    }
    if (lineItem === null) return;
    await this.#knex('line_items')
      .insert({
        registration_id: registrationId,
        context_id: context.id,
        resource_link_id: resourceLinkId,
        school_id: school,
        label: lineItem.label,
        score_maximum: lineItem.scoreMaximum,
        of_placement: true,
      })
      .onConflict(this.#knex.raw('(registration_id, resource_link_id) where of_placement'))
      .ignore();
  }

  /** The school of a context in which the tool is placed; null where it is not. Asked as the system, before the school is known. */
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

  /** Ids of the tool's line items that belong to a resource link. */
  async lineItemsOf(registrationId: string, resourceLinkId: string): Promise<string[]> {
    return this.#knex('line_items').where({ registration_id: registrationId, resource_link_id: resourceLinkId }).pluck('id');
  }
}
