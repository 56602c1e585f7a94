import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type Form, jwtClaimsOf, portalIssuer, statusListOf } from './credential.js';
import type { IssuerKeys } from './issuer-keys.js';

/** A signed list is used for so long, unless a certificate was revoked since. */
const heldFor = '1 day';

/** The status lists of all certificates, signed once for each state. */
export class StatusLists {
  readonly #services: Pick<Dependencies, 'portal' | 'clock' | 'actAs'>;

  constructor({ portal, clock, actAs }: Dependencies) {
    this.#services = { portal, clock, actAs };
  }

  /** A JWT, or a document with a proof as JSON. */
  async signed(form: Form): Promise<string> {
    return this.#services.actAs(systemPrincipal(), async (services: Dependencies & { issuerKeys: IssuerKeys }) => {
      const { knex } = services;
      // Nothing that was revoked is made valid again, so that their number tells whether a list is up to date.
      const kept = await knex('status_lists')
        .where({ form })
        .whereRaw('revoked = (select count(*) from certificates where revoked_at is not null)')
        .whereRaw(`signed_at > now() - interval '${heldFor}'`)
        .first('content');
      return kept?.content ?? this.#sign(form, services);
    });
  }

  async #sign(form: Form, { knex, issuerKeys }: Dependencies & { issuerKeys: IssuerKeys }): Promise<string> {
    const { portal, clock } = this.#services;
    const revoked: number[] = await knex('certificates').whereNotNull('revoked_at').pluck('status_index');
    const issuer = portalIssuer(portal.url);
    const now = clock.now();
    const list = statusListOf(portal.url, revoked, now, form);
    const content =
      form === 'jwt'
        ? await issuerKeys.signJwt(jwtClaimsOf(list, issuer))
        : JSON.stringify(await issuerKeys.signDocument(list, issuer, now));
    await knex('status_lists')
      .insert({ form, content, revoked: revoked.length, signed_at: knex.fn.now() })
      .onConflict('form')
      .merge();
    return content;
  }
}
