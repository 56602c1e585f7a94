import { Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Throttle } from '../throttle.js';
import type { Ticketing } from './ticketing.js';

export interface FormQuestion {
  name: string;
  email: string;
  subject: string;
  text: string;
  toolKey: string | null;
}

/** Questions an hour from one address or network, and from everybody together. */
const mostOfAddress = 5;
const mostOfAll = 200;

/** Questions of people who are not signed in. */
export class PublicForm {
  readonly #actAs: Dependencies['actAs'];
  readonly #throttle: Throttle;

  constructor({ actAs, throttle }: Dependencies & { throttle: Throttle }) {
    this.#actAs = actAs;
    this.#throttle = throttle;
  }

  /**
   * Opens a ticket of no school. The answer goes to the address by e-mail. A question that is refused is not counted.
   *
   * @throws Problem 429 `helpdesk/too-many-questions` with the seconds to wait
   */
  async ask({ name, email, subject, text, toolKey }: FormQuestion, address: string): Promise<{ number: number }> {
    const counts = [
      await this.#throttle.count('form', address, mostOfAddress),
      await this.#throttle.count('form', null, mostOfAll),
    ];
    const seconds = Math.max(...counts);
    if (seconds > 0) {
      throw new Problem({
        type: 'helpdesk/too-many-questions',
        status: 429,
        title: 'Too many questions',
        detail: `Too many questions came from here. Wait ${seconds} seconds, or send an e-mail.`,
      });
    }
    return this.#actAs(systemPrincipal(), async ({ ticketing }: Dependencies & { ticketing: Ticketing }) => {
      const author = { personId: null, email, name };
      const { number } = await ticketing.open({ subject, text, channel: 'form', author, schoolId: null, toolKey });
      return { number };
    });
  }
}
