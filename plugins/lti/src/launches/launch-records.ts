import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Presentation, Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { signHint } from './hints.js';
import type { IdTokens } from './id-tokens.js';
import type { LaunchFailed } from './launch-failed.js';
import type { StoredRequest } from './launch-request.js';
import { Refusal, type RefusalCode, type RefusedLaunch } from './refusal.js';

/** For how long a launch in a frame can be opened again in a tab. */
const againHours = 12;

interface LaunchRow {
  id: string;
  registration_id: string;
  school_id: string;
  person_id: string;
  login_hint: string;
  locale: string;
  return_path: string;
  state: 'prepared' | 'started' | 'failed' | 'consumed';
  presentation: Presentation;
  /** Null once the launch is over. */
  request: StoredRequest | null;
  expires_at: Date;
}

const launchColumns = [
  ...[
    'id',
    'registration_id',
    'school_id',
    'person_id',
    'login_hint',
    'locale',
    'return_path',
    'state',
    'presentation',
    'request',
  ],
  'expires_at',
];

const failedColumns = ['id', 'school_id', 'registration_id', 'person_id', 'resource_link_id', 'failure'] as const;
type FailedRow = Record<(typeof failedColumns)[number], string> & { failure: LaunchFailed['reason'] };

/** A login initiation that the browser sends to the tool (1EdTech Security Framework 1.0 §5.1.1.1). */
export interface LoginInitiation {
  registration: Registration;
  school: string;
  parameters: Record<string, string>;
}

/** An authentication request that passed every check except whether it belongs to the launch. */
export interface Redemption {
  registration: Registration;
  loginHint: string;
  nonce: string;
  /** The person signed in at the portal in this browser; null if unknown. */
  personId: string | null;
}

type Services = Dependencies & { registrations: RegistrationService; idTokens: IdTokens };

/**
 * Launches from the portal to a tool. Each is kept as a record for the helpdesk: prepared, started, consumed, or failed with the code of
 * the check. A stolen hint can only be used to mark a launch as failed.
 */
export class LaunchRecords {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #clock: Dependencies['clock'];
  readonly #secrets: Dependencies['secrets'];
  readonly #events: Dependencies['events'];
  readonly #licences: Dependencies['licences'];
  readonly #registrations: RegistrationService;
  readonly #idTokens: IdTokens;

  constructor({ knex, principal, portal, clock, secrets, events, licences, registrations, idTokens }: Services) {
    this.#events = events;
    this.#licences = licences;
    this.#knex = knex;
    this.#principal = principal;
    this.#portal = portal;
    this.#clock = clock;
    this.#secrets = secrets;
    this.#registrations = registrations;
    this.#idTokens = idTokens;
  }

  /**
   * Starts a launch of the signed-in person. May be repeated until the launch is consumed.
   *
   * @param alone without the page of the portal that was to be around the tool
   * @throws Refusal if the launch is not this person's, was consumed or has expired, or if its tool is not active
   */
  async open(id: string, locale: string, { alone = false } = {}): Promise<LoginInitiation> {
    const row = await this.#own(id);
    const request = this.#usable(row);
    const registration = await this.#registrations.activeById(row.registration_id);
    if (registration === null) {
      await this.recordFailure(id, 'client-unknown');
      throw new Refusal('client-unknown', this.#about(row));
    }
    await this.#knex('launches')
      .where({ id })
      .whereNot({ state: 'consumed' })
      .update({
        state: 'started',
        locale,
        ...(alone ? { request: JSON.stringify({ ...request, presentation: 'same' }) } : {}),
        started_at: this.#knex.fn.now(),
        updated_at: this.#knex.fn.now(),
      });
    return {
      registration,
      school: row.school_id,
      parameters: {
        iss: this.#portal.url,
        target_link_uri: request.targetLinkUri,
        login_hint: row.login_hint,
        lti_message_hint: await signHint(
          { launch: id, school: row.school_id },
          registration.clientId,
          row.expires_at,
          this.#secrets,
        ),
        client_id: registration.clientId,
        lti_deployment_id: registration.deploymentId,
        // Where a tool in a frame can keep its state without cookies (LTI PostMessage Storage 0.1).
        ...(row.presentation === 'frame' && !alone ? { lti_storage_target: '_parent' } : {}),
      },
    };
  }

  /**
   * How the signed-in person's launch is shown.
   *
   * @throws Refusal if the launch is not this person's, or its tool is not active
   */
  async shown(id: string): Promise<{ registration: Registration; presentation: Presentation; returnUrl: string }> {
    const row = await this.#own(id);
    const registration = await this.#registrations.activeById(row.registration_id);
    if (registration === null) throw new Refusal('client-unknown', this.#about(row));
    return { registration, presentation: row.presentation, returnUrl: this.#portal.url + row.return_path };
  }

  /** How far the signed-in person's launch is. @throws Refusal if it is not this person's */
  async stateOf(id: string): Promise<LaunchRow['state']> {
    return (await this.#own(id)).state;
  }

  /**
   * The same launch once more, in the whole window: where a frame or its cookies failed. An unused launch is that launch itself.
   *
   * @returns the launch to open, and whether it must be opened `alone`: without the page around it
   * @throws Refusal if the launch is not this person's, was prepared more than {@link againHours} hours ago, or the licence is over
   */
  async again(id: string): Promise<{ id: string; alone: boolean }> {
    const row = await this.#own(id);
    if (row.request === null) throw new Refusal('launch-expired', this.#about(row));
    if (row.state !== 'consumed' && row.expires_at > this.#clock.now()) return { id, alone: true };
    await this.#enterAgain(row, row.request);
    const columns = ['registration_id', 'school_id', 'person_id', 'context_id', 'resource_link_id', 'role', 'return_path'];
    const { rows } = await this.#knex.raw(
      `insert into launches (${columns.join(', ')}, request, presentation, login_hint, expires_at)
       select ${columns.join(', ')}, request, 'same', ?, now() + interval '2 minutes' from launches where id = ? returning id`,
      [randomBytes(16).toString('base64url'), id],
    );
    return { id: rows[0].id, alone: false };
  }

  async #enterAgain(row: LaunchRow, { registration, role }: StoredRequest): Promise<void> {
    try {
      const { school_id: school, person_id: person } = row;
      await this.#licences?.decisions.enter({ tool: registration, school, person, role });
    } catch (error) {
      if (error instanceof Problem && error.type.startsWith('licences/')) throw new Refusal('not-licensed', this.#about(row));
      throw error;
    }
  }

  /**
   * Consumes the launch.
   *
   * @returns the id_token
   * @throws Refusal if a check fails, which does not consume the launch
   */
  async redeem(id: string, { registration, loginHint, nonce, personId }: Redemption): Promise<string> {
    const row: LaunchRow | undefined = await this.#knex('launches')
      .where({ id, registration_id: registration.id })
      .first(launchColumns);
    if (row === undefined) throw new Refusal('launch-unknown');
    if (!sameText(row.login_hint, loginHint)) throw new Refusal('login-hint-mismatch');
    const request = this.#usable(row);
    if (personId !== null && personId !== row.person_id) throw new Refusal('person-mismatch');
    const used = await this.#knex('launches')
      .where({ id })
      .whereNot({ state: 'consumed' })
      .where('expires_at', '>', this.#knex.raw('clock_timestamp()'))
      .update({
        state: 'consumed',
        failure: null,
        // A launch beside a page of the portal may be needed again.
        request: row.presentation === 'same' ? null : this.#knex.ref('request'),
        consumed_at: this.#knex.fn.now(),
        updated_at: this.#knex.fn.now(),
      });
    if (used === 0) throw new Refusal('launch-used', this.#about(row));
    const shown = request.presentation === 'same' ? request : { ...request, presentation: row.presentation };
    return this.#idTokens.issue({ launchId: id, registration, request: shown, nonce, locale: row.locale });
  }

  /**
   * Records which check failed, and publishes `lti.launch-failed` for the first failure of a launch. A consumed launch stays consumed: the
   * request was only sent again, and the person has reached the tool.
   */
  async recordFailure(id: string, code: RefusalCode): Promise<void> {
    const failed = await this.#knex('launches')
      .where({ id, failure: null })
      .whereNot({ state: 'consumed' })
      .update({ failure: code, state: 'failed', updated_at: this.#knex.fn.now() })
      .returning(failedColumns);
    await this.#publish(failed);
    if (failed.length > 0) return;
    await this.#knex('launches')
      .where({ id })
      .update({
        failure: code,
        state: this.#knex.raw(`case when state = 'consumed' then state else 'failed' end`),
        updated_at: this.#knex.fn.now(),
      });
  }

  /** Marks launches that were not used in time as failed, and deletes their requests. */
  async clearExpired(): Promise<void> {
    const over = () =>
      this.#knex('launches')
        .whereNotNull('request')
        .whereNot({ state: 'consumed' })
        .where('expires_at', '<=', this.#knex.fn.now());
    await this.#knex('launches')
      .whereNotNull('request')
      .where({ state: 'consumed' })
      .where('expires_at', '<=', this.#knex.raw('now() - make_interval(hours => ?)', [againHours]))
      .update({ request: null });
    const ended = { request: null, state: 'failed', updated_at: this.#knex.fn.now() };
    await over().whereNotNull('failure').update(ended);
    const code: RefusalCode = 'launch-expired';
    await this.#publish(
      await over()
        .update({ ...ended, failure: code })
        .returning(failedColumns),
    );
  }

  /** Tools whose launches failed in the last week, those with most failures first. One statement; only launches of the caller's schools. */
  async failing(limit: number): Promise<{ id: string; name: string; failures: number; launches: number; latest: string }[]> {
    const since = new Date(this.#clock.now().getTime() - 7 * 86_400_000);
    const rows: { id: string; name: string; failures: number; launches: number; latest: Date }[] = await this.#knex('launches')
      .join('registrations', 'registrations.id', 'launches.registration_id')
      .where('launches.created_at', '>=', since)
      .groupBy('registrations.id', 'registrations.name')
      .havingRaw("count(*) filter (where launches.state = 'failed') > 0")
      .orderByRaw("count(*) filter (where launches.state = 'failed') desc, registrations.name")
      .limit(limit)
      .select('registrations.id', 'registrations.name')
      .select(
        this.#knex.raw(
          `(count(*) filter (where launches.state = 'failed'))::int as failures, count(*)::int as launches,
           max(launches.updated_at) filter (where launches.state = 'failed') as latest`,
        ),
      );
    return rows.map(({ latest, ...row }) => ({ ...row, latest: latest.toISOString() }));
  }

  /** Whether this person has launched the tool in this context as a pupil. A tool may send scores for such persons. */
  async hasLaunched(registrationId: string, contextId: string, personId: string): Promise<boolean> {
    const launch = {
      registration_id: registrationId,
      context_id: contextId,
      person_id: personId,
      state: 'consumed',
      role: 'Learner',
    };
    return (await this.#knex('launches').where(launch).first('id')) !== undefined;
  }

  async #own(id: string): Promise<LaunchRow> {
    if (!z.uuid().safeParse(id).success) throw new Refusal('launch-unknown');
    const row: LaunchRow | undefined = await this.#knex('launches')
      .where({ id, person_id: this.#principal.id })
      .first(launchColumns);
    if (row === undefined) throw new Refusal('launch-unknown');
    return row;
  }

  #usable(row: LaunchRow): StoredRequest {
    if (row.state === 'consumed') throw new Refusal('launch-used', this.#about(row));
    if (row.request === null || row.expires_at <= this.#clock.now()) throw new Refusal('launch-expired', this.#about(row));
    return row.request;
  }

  async #publish(rows: readonly FailedRow[]): Promise<void> {
    // A choice of content has no placement of which other plugins know.
    const placed = rows.filter(({ resource_link_id }) => resource_link_id !== null);
    await Promise.all(
      placed.map((row) =>
        this.#events.publish('launch-failed', {
          school: row.school_id,
          launchId: row.id,
          registrationId: row.registration_id,
          personId: row.person_id,
          resourceLinkId: row.resource_link_id,
          reason: row.failure,
        }),
      ),
    );
  }

  #about(row: LaunchRow): RefusedLaunch {
    return {
      id: row.id,
      registrationId: row.registration_id,
      school: row.school_id,
      returnUrl: this.#portal.url + row.return_path,
    };
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
