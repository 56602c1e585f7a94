import { conflict, notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { type EndpointBody, type EndpointChange, type EndpointView, mostEndpoints } from './endpoint.js';
import { newSecret } from './signature.js';

interface Row {
  id: string;
  app_id: string;
  url: string;
  types: string[];
  secret: Buffer;
  old_secret: Buffer | null;
  old_until: Date | null;
  state: EndpointView['state'];
  stopped_because: EndpointView['stoppedBecause'];
}

const purpose = 'webhooks';

/** Addresses to which apps want messages. Their secrets are stored encrypted, for the endpoint's id. */
export class Endpoints {
  readonly #knex: Knex;
  readonly #secrets: Dependencies['secrets'];

  constructor({ knex, secrets }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
  }

  async of(appId: string): Promise<EndpointView[]> {
    const rows: Row[] = await this.#knex('endpoints').where({ app_id: appId }).orderBy(['created_at', 'id']).limit(mostEndpoints);
    return rows.map(viewOf);
  }

  /** @throws Problem 404 for an unknown app, 409 if it has too many endpoints */
  async add(appId: string, body: EndpointBody): Promise<{ endpoint: EndpointView; secret: string }> {
    const app = await this.#knex('apps').where({ id: appId }).forUpdate().first('provider_id');
    if (app === undefined) throw notFound();
    if ((await this.of(appId)).length >= mostEndpoints) {
      throw conflict('api/ten-endpoints', `The app has ${mostEndpoints} endpoints. Remove one.`);
    }
    const [row] = await this.#knex<Row>('endpoints')
      .insert({ ...body, app_id: appId, provider_id: app.provider_id } as Partial<Row>)
      .returning('*');
    const { id } = row as Row;
    const secret = newSecret();
    await this.#knex('endpoints')
      .where({ id })
      .update({ secret: await this.#seal(id, secret) });
    return { endpoint: viewOf(row as Row), secret };
  }

  /** Changes an endpoint, or switches it on or off. Switching it on does not send what it missed: replay that. */
  async change(appId: string, id: string, { on, ...body }: EndpointChange): Promise<EndpointView> {
    const [row] = await this.#knex('endpoints')
      .where({ id, app_id: appId })
      .update({
        ...body,
        ...(on === undefined ? {} : { state: on ? 'on' : 'off', stopped_because: null }),
        updated_at: this.#knex.fn.now(),
      })
      .returning('*');
    if (row === undefined) throw notFound();
    return viewOf(row);
  }

  /** Makes another secret. Messages are signed with both for the given hours. */
  async rotate(appId: string, id: string, overlapHours: number): Promise<string> {
    const secret = newSecret();
    const rotated = await this.#knex('endpoints')
      .where({ id, app_id: appId })
      .update({
        old_secret: overlapHours === 0 ? null : this.#knex.ref('secret'),
        old_until: overlapHours === 0 ? null : this.#knex.raw('now() + make_interval(hours => ?)', [overlapHours]),
        secret: await this.#seal(id, secret),
        updated_at: this.#knex.fn.now(),
      });
    if (rotated === 0) throw notFound();
    return secret;
  }

  async remove(appId: string, id: string): Promise<void> {
    if ((await this.#knex('endpoints').where({ id, app_id: appId }).delete()) === 0) throw notFound();
  }

  /** The secrets with which messages are signed now; none if they were sealed with a key that the portal does not have any more. */
  async secretsOf(id: string): Promise<string[]> {
    const row = await this.#knex('endpoints')
      .where({ id })
      .first('secret', this.#knex.raw('case when old_until > now() then old_secret end as old_secret'));
    const sealed = [row?.secret, row?.old_secret].filter((each): each is Buffer => Buffer.isBuffer(each));
    const opened = await Promise.all(sealed.map((each) => this.#secrets.open(purpose, id, each)));
    return opened.filter((each): each is string => each !== null);
  }

  async #seal(id: string, secret: string): Promise<Buffer> {
    return Buffer.from(await this.#secrets.seal(purpose, id, secret));
  }
}

/** @throws Problem 422 if the portal would not send to this address */
export function checkAddress(refusal: string | null): void {
  if (refusal === null) return;
  throw new Problem({ type: 'api/address-refused', status: 422, title: 'Address refused', detail: refusal });
}

const viewOf = ({ id, url, types, state, stopped_because, old_until }: Row): EndpointView => ({
  id,
  url,
  types,
  state,
  stoppedBecause: stopped_because,
  oldSecretUntil: old_until,
});
