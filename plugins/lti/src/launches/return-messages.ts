import { systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { tidy } from '../tidy.js';
import { withParameters } from './addresses.js';

const longestMessage = 300;
const longestLog = 2000;

/** A parameter that is repeated or blank counts as absent. */
const message = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (typeof value === 'string' && tidy(value) !== '' ? tidy(value) : undefined));

/** Parameters that a tool may add to the return URL (LTI 1.3 Core §5.4.4): messages for the user and for the log. */
export const returnParameters = z.object({ lti_errormsg: message, lti_msg: message, lti_errorlog: message, lti_log: message });
export type ReturnParameters = z.output<typeof returnParameters>;

interface ReturningLaunch {
  registration_id: string;
  school_id: string;
  person_id: string;
  return_path: string;
}

/** Where the browser goes on, and what the trace says. */
export interface Returned {
  address: string;
  outcome: 'ok' | 'tool-error' | 'person-mismatch' | 'return-unknown';
  launch: { launchId: string; registrationId: string; school: string } | null;
}

/**
 * Handles the return from a tool. Messages for the user are passed on to the portal page; messages for the log are stored with the launch.
 */
export class ReturnMessages {
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #actAs: Dependencies['actAs'];
  readonly #log: Dependencies['log'];

  constructor({ principal, portal, actAs, log }: Dependencies) {
    this.#principal = principal;
    this.#portal = portal;
    this.#actAs = actAs;
    this.#log = log;
  }

  /**
   * @param launchId from the return URL, which only the tool and the person know
   * @returns the address of the portal to continue at, and what happened, for the trace
   */
  async receive(launchId: string, { lti_errormsg, lti_msg, lti_errorlog, lti_log }: ReturnParameters): Promise<Returned> {
    const launch = await this.#launch(launchId);
    if (launch === null) return { address: `${this.#portal.url}/`, outcome: 'return-unknown', launch: null };
    const address = this.#portal.url + launch.return_path;
    const about = { launchId, registrationId: launch.registration_id, school: launch.school_id };
    // If someone else follows the link, neither show nor store messages.
    if (this.#principal.kind === 'person' && this.#principal.id !== launch.person_id) {
      return { address, outcome: 'person-mismatch', launch: about };
    }
    const logged = [lti_errorlog, lti_log].filter((text) => text !== undefined).join('\n');
    if (logged !== '') await this.#store(launchId, launch, logged.slice(0, longestLog));
    if (lti_errormsg !== undefined || lti_errorlog !== undefined) {
      this.#log.warn(
        { launch: launchId, registration: launch.registration_id },
        'a tool reports an error; see the record of the launch',
      );
    }
    const messages = Object.entries({ lti_errormsg, lti_msg }).flatMap(([name, text]): [string, string][] =>
      text === undefined ? [] : [[name, Array.from(text).slice(0, longestMessage).join('')]],
    );
    // The page can offer to report what failed.
    const reported: Record<string, string> = lti_errormsg === undefined ? {} : { lti_launch: launchId };
    return {
      address: messages.length === 0 ? address : withParameters(address, { ...Object.fromEntries(messages), ...reported }),
      outcome: lti_errormsg !== undefined || lti_errorlog !== undefined ? 'tool-error' : 'ok',
      launch: about,
    };
  }

  async #launch(id: string): Promise<ReturningLaunch | null> {
    if (!z.uuid().safeParse(id).success) return null;
    const find = async ({ knex }: { knex: Knex }) => (await knex('launches').where({ id, state: 'consumed' }).first()) ?? null;
    return this.#actAs<ReturningLaunch | null, { knex: Knex }>(systemPrincipal(), find);
  }

  #store(id: string, { registration_id, school_id }: ReturningLaunch, text: string): Promise<void> {
    const tool = { kind: 'tool', id: registration_id, roles: [], tenants: [school_id] } as const;
    return this.#actAs<void, { knex: Knex }>(tool, async ({ knex }) => {
      await knex('launches').where({ id }).update({ tool_log: text, updated_at: knex.fn.now() });
    });
  }
}
