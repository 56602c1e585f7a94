import { conflict, Problem, systemPrincipal } from '@ilearn/core';
import type { Apps } from '../apps/apps.js';
import type { Dependencies } from '../dependencies.js';
import type { AccessTokens } from '../tokens/access-tokens.js';

export interface TryOut {
  token: string;
  /** Seconds for which it holds. */
  expiresIn: number;
  school: string;
}

/** Lets developers try their apps out in the school in which nobody is real, without asking a principal. */
export class Sandbox {
  readonly #apps: Apps;
  readonly #accessTokens: AccessTokens;
  readonly #config: Dependencies['config'];
  readonly #actAs: Dependencies['actAs'];
  readonly #joining: Dependencies['joining'];

  constructor({ apps, accessTokens, config, actAs, joining }: Dependencies & { apps: Apps; accessTokens: AccessTokens }) {
    this.#apps = apps;
    this.#accessTokens = accessTokens;
    this.#config = config;
    this.#actAs = actAs;
    this.#joining = joining;
  }

  /**
   * A token with all scopes that the portal approved, for the sandbox only. It leaves nothing behind: tokens of the live app and messages do not reach the
   * sandbox by it.
   *
   * @throws Problem 404 for an app of another provider; 409 unless it is approved and the portal has a sandbox; 429 for too many tokens
   */
  async tryOut(id: string): Promise<TryOut> {
    await this.#apps.get(id);
    const app = await this.#apps.lockApproved(id);
    if (app === undefined) throw conflict('api/not-approved', 'The portal has not approved this app, or stopped it.');
    if (await this.#accessTokens.tooMany(id, { triesOut: true })) {
      const headers = { 'retry-after': '60' };
      throw new Problem({
        type: 'api/too-many-tokens',
        status: 429,
        title: 'Too many tokens',
        detail: 'Keep the token.',
        headers,
      });
    }
    const sandbox = await this.#joining?.sandbox.id();
    if (sandbox == null) throw noSandbox();
    const school = await this.#actAs(systemPrincipal([sandbox]), ({ directory }: Dependencies) => directory.schools.get(sandbox));
    if (school === null) throw noSandbox();
    const token = await this.#accessTokens.issueTryOut(id, app.scopes, school.id);
    return { token, expiresIn: this.#config.tokenSeconds, school: school.name };
  }
}

const noSandbox = () =>
  conflict('api/no-sandbox', 'This portal has no school in which nobody is real: `ilearn joining sandbox` makes it.');
