import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../tickets/models.js';

/** The two clocks of a ticket. */
export class Clocks {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** Starts, pauses or stops the clocks as the state of the ticket says. */
  async follow(ticket: Ticket): Promise<void> {
    void this.#knex;
    void ticket;
  }
}
