import { Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';

/** An address with a name that exists nowhere, or belongs to documentation (RFC 2606, RFC 6761 section 6). */
export const isInvented = (email: string): boolean =>
  /[@.](example|test|invalid|localhost)$|[@.]example\.(com|net|org)$/.test(email.toLowerCase());

/**
 * Whether this portal is a demonstration. Everybody knows the passwords of its accounts, that of an administrator too, so it must hold nothing
 * about real people.
 */
export class Demonstration {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  async isHere(): Promise<boolean> {
    const found = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('sandboxes').where({ published: true }).first('school_id'),
    );
    return found !== undefined;
  }

  /** @throws Problem 422 `joining/demonstration` for an address that may be somebody's, in a demonstration */
  async refuseReal(email: string): Promise<void> {
    if (isInvented(email) || !(await this.isHere())) return;
    throw new Problem({
      type: 'joining/demonstration',
      status: 422,
      title: 'This is a demonstration',
      detail: 'Everybody can read what is filled in here. Use invented data, and an address that ends in .example.',
      errors: [{ in: 'body', pointer: '/email', message: 'must end in .example' }],
    });
  }
}
