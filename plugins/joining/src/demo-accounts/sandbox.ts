import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { SandboxSchool } from '../exports.js';

/** The school in which nobody is real. */
export class Sandbox implements SandboxSchool {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  async id(): Promise<string | null> {
    const found: { school_id: string } | undefined = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('sandboxes').orderBy('school_id').first('school_id'),
    );
    return found?.school_id ?? null;
  }
}
