/** Calls the API of an i-Learn portal for one app and one school. It needs nothing but Node. */
export class Portal {
  #token = null;

  /** @param {{ url: string, clientId: string, clientSecret: string, school: string }} options `school`: its instellingsnummer */
  constructor(options) {
    this.options = options;
  }

  /**
   * The rows of a list, page by page: follows `Link: <…>; rel="next"`.
   *
   * @param {string} path such as `/api/directory/classes`
   * @param {string} [member] of the answer that holds the rows; without it the answer is the list
   */
  async *list(path, member) {
    for (let next = path; next !== undefined; ) {
      const response = await this.#get(next);
      const body = await response.json();
      yield* member === undefined ? body : body[member];
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    }
  }

  /** Gets an address. Waits when the budget is spent, and asks for a new token when the old one ended. */
  async #get(path, tries = 3) {
    const token = await this.#currentToken();
    const response = await fetch(new URL(path, this.options.url), { headers: { authorization: `Bearer ${token}` } });
    if (response.ok) return response;
    if (tries > 1 && response.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? 1) * 1000));
      return this.#get(path, tries - 1);
    }
    if (tries > 1 && response.status === 401) {
      this.#token = null;
      return this.#get(path, tries - 1);
    }
    const { title, detail = title } = await response.json();
    throw Object.assign(new Error(`${response.status}: ${detail}`), { status: response.status });
  }

  async #currentToken() {
    if (this.#token !== null && performance.now() < this.#token.until) return this.#token.value;
    const { url, clientId, clientSecret, school } = this.options;
    const response = await fetch(new URL('/api/api/token', url), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'directory.classes:read myway.progress:read',
        school,
      }),
    });
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(body.error_description), { status: response.status });
    // A little earlier than the portal says, so that no request meets its end.
    this.#token = { value: body.access_token, until: performance.now() + (body.expires_in - 30) * 1000 };
    return this.#token.value;
  }
}
