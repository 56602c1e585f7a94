import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;
export interface Roster {
  orgs: Json[];
  academicSessions: Json[];
  classes: Json[];
  users: Json[];
  enrollments: Json[];
}

/** How servers of vendors differ from the specification; the default is as it says. */
export interface Deviations {
  path: 'v1p1' | 'v1p2';
  /** Greatest page, whatever is asked. */
  clamp: number;
  total: boolean;
  link: 'standard' | 'bare' | 'none' | 'elsewhere';
  /** Ignores the offset. */
  stuck: boolean;
  /** Sends the users in another order once some have been sent, so that one comes twice and another never. */
  shuffles: boolean;
  /** Refuses `sort`. */
  noSort: boolean;
  /** Lists that the server does not have. */
  lacks: string[];
  /** Lists under another member. */
  members: Partial<Record<keyof Roster, string>>;
  /** Answers of the next requests for lists, before the lists themselves. */
  first: { status: number; headers?: Record<string, string>; body?: string }[];
  /** How a client may prove itself. */
  authentication: 'body' | 'basic';
  /** Requests after which a token is no longer accepted. */
  tokenUses: number;
  /** Says that there are more objects than it sends. */
  overstates: boolean;
}

const standard: Deviations = {
  path: 'v1p2',
  clamp: 1_000,
  total: true,
  link: 'standard',
  stuck: false,
  shuffles: false,
  noSort: false,
  lacks: [],
  members: {},
  first: [],
  authentication: 'body',
  tokenUses: Number.POSITIVE_INFINITY,
  overstates: false,
};

export const clientId = 'i-learn';
export const clientSecret = 'a secret / of a test';

/** A OneRoster server, written from the 1EdTech specifications 1.1 and 1.2 (Rostering Service, §3.4 and OpenAPI). */
export class OneRosterServer {
  roster: Roster = { orgs: [], academicSessions: [], classes: [], users: [], enrollments: [] };
  deviations: Deviations = { ...standard };
  /** Paths and queries of the requests for lists. */
  readonly asked: string[] = [];
  tokens = 0;
  /** A token of another server, given instead of an own one. */
  token: string | null = null;
  /** Called before a list is sent, such as to change it meanwhile. */
  before: (url: URL) => void = () => {};
  #uses = 0;

  private constructor(readonly server: Server) {
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async listen(): Promise<OneRosterServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OneRosterServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As the specification says, but for these deviations. */
  be(deviations: Partial<Deviations> = {}): void {
    this.deviations = { ...standard, first: [], ...deviations };
    this.asked.length = 0;
    this.before = () => {};
    this.token = null;
    this.#uses = 0;
    this.tokens = 0;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (url.pathname === '/ims/oneroster/token') return this.#token(request, send);
    if (request.headers.authorization !== `Bearer token-${this.tokens}` || ++this.#uses > this.deviations.tokenUses)
      return send(401, fault('unauthorisedrequest'));
    this.asked.push(`${url.pathname}${url.search}`);
    this.before(url);
    const planned = this.deviations.first.shift();
    if (planned !== undefined) return send(planned.status, planned.body ?? fault('server_busy'), planned.headers);
    this.#list(url, send);
  }

  async #token(request: IncomingMessage, send: (status: number, body: unknown) => void): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const [user = '', password = ''] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const decoded = (text: string) => new URLSearchParams(`v=${text}`).get('v');
    const given =
      this.deviations.authentication === 'body'
        ? [form.get('client_id'), form.get('client_secret')]
        : [decoded(user), decoded(password)];
    if (form.get('grant_type') !== 'client_credentials' || given[0] !== clientId || given[1] !== clientSecret)
      return send(401, { error: 'invalid_client' });
    this.#uses = 0;
    send(200, { access_token: this.token ?? `token-${++this.tokens}`, token_type: 'bearer', expires_in: 3600 });
  }

  #list(url: URL, send: (status: number, body: unknown, headers?: Record<string, string>) => void): unknown {
    const { path, clamp, total, link, stuck, shuffles, noSort, lacks, members, overstates } = this.deviations;
    const base = path === 'v1p1' ? '/ims/oneroster/v1p1/' : '/ims/oneroster/rostering/v1p2/';
    const name = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : '';
    if (
      lacks.includes(name) ||
      !['orgs', 'schools', 'academicSessions', 'terms', 'classes', 'users', 'enrollments'].includes(name)
    )
      return send(404, fault('unknownobject'));
    if (noSort && url.searchParams.has('sort')) return send(400, fault('invalid_sort_field'));
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const offset = stuck ? 0 : Number(url.searchParams.get('offset') ?? 0);
    if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(offset) || offset < 0) return send(400, fault('invaliddata'));
    const kind = (name === 'schools' ? 'orgs' : name === 'terms' ? 'academicSessions' : name) as keyof Roster;
    const all = this.roster[kind].filter(({ type }) => name !== 'schools' || type === 'school');
    const moved = shuffles && name === 'users' && offset > 0;
    const given = (moved ? all.toSpliced(-1, 1).toSpliced(0, 0, all[0] as Json) : all).slice(
      offset,
      offset + Math.min(limit, clamp),
    );
    const headers: Record<string, string> = {};
    const there = all.length + (overstates ? 1 : 0);
    if (total) headers['x-total-count'] = `${there}`;
    const next = new URL(url.href);
    next.searchParams.set('offset', `${offset + given.length}`);
    if (offset + given.length < there && link !== 'none') {
      if (link === 'elsewhere') next.host = 'evil.example';
      headers['link'] = link === 'bare' ? `${next.href}; rel="next"` : `<${next.href}>; rel="next", <${url.href}>; rel="first"`;
    }
    return send(200, { [members[kind] ?? kind]: given }, headers);
  }
}

/** An error of OneRoster (`imsx_StatusInfo`). */
const fault = (minor: string) => ({
  imsx_codeMajor: 'failure',
  imsx_severity: 'error',
  imsx_description: 'refused',
  imsx_CodeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: minor }] },
});
