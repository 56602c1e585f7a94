import { createHash, randomBytes } from 'node:crypto';
import { conflict, forbidden, notFound } from '@ilearn/core';
import type { ActivityRecord } from '@ilearn/plugin-library';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { LaunchService } from '../launches/launch-service.js';
import type { Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import type { ChosenItem } from './content-item.js';
import type { KeptChoices } from './kept-choices.js';
import { type Chosen, ResponseRefused } from './response.js';

/** How long a teacher may take in the tool. */
const lifetimeHours = 2;

/** Score maximum of an exercise for which the tool gives no line item: its steps are scored in per cent. */
const defaultMaximum = 100;

export interface ChoiceRow {
  id: string;
  registration_id: string;
  school_id: string;
  person_id: string;
  return_path: string;
  data: string;
  state: 'open' | 'received' | 'accepted';
  items: ChosenItem[] | null;
  message: string | null;
  fault: string | null;
  expires_at: Date;
}

type Services = Dependencies & { registrations: RegistrationService; launches: LaunchService; keptChoices: KeptChoices };

/** Choices of teachers in tools, from the request to the activities that are kept. A choice is its teacher's own. */
export class Choices {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #clock: Dependencies['clock'];
  readonly #library: Dependencies['library'];
  readonly #registrations: RegistrationService;
  readonly #launches: LaunchService;
  readonly #keptChoices: KeptChoices;

  constructor({ knex, principal, portal, clock, library, registrations, launches, keptChoices }: Services) {
    this.#knex = knex;
    this.#principal = principal;
    this.#portal = portal;
    this.#clock = clock;
    this.#library = library;
    this.#registrations = registrations;
    this.#launches = launches;
    this.#keptChoices = keptChoices;
  }

  /**
   * Prepares a deep linking request; returns the address that the browser must open.
   *
   * @param returnPath page of the portal to go on at
   * @throws Problem 409 if nothing can be chosen in the tool, 403 for a school where the person does not teach
   */
  async start(key: string, school: string | undefined, returnPath: string): Promise<{ url: string }> {
    const registration = await this.#registrations.activeByKey(key);
    if (registration === null || registration.deepLinkingUrl === null) {
      throw conflict('lti/nothing-to-choose', 'Nothing can be chosen in this tool, or it is switched off.');
    }
    const at = this.#school(school);
    const data = randomBytes(24).toString('base64url');
    const [choice] = await this.#knex('choices')
      .insert({
        registration_id: registration.id,
        school_id: at,
        person_id: this.#principal.id,
        return_path: returnPath,
        data,
        expires_at: this.#knex.raw('now() + make_interval(hours => ?)', [lifetimeHours]),
      })
      .returning('id');
    return this.#launches.startChoice({
      registration,
      school: at,
      personId: this.#principal.id as string,
      returnPath,
      choice: { data, returnUrl: `${this.#portal.url}/api/lti/choices/${choice.id}/return` },
    });
  }

  /** The choice to which a response belongs, whoever made it. Requires the system principal. */
  async awaited(id: string): Promise<{ choice: ChoiceRow; registration: Registration | null } | null> {
    if (!z.uuid().safeParse(id).success) return null;
    const choice: ChoiceRow | undefined = await this.#knex('choices').where({ id }).first();
    if (choice === undefined) return null;
    return { choice, registration: await this.#registrations.activeById(choice.registration_id) };
  }

  /**
   * Stores what was chosen, for the teacher to look at.
   *
   * @returns false if a response came before
   * @throws ResponseRefused if the response was used for another choice
   */
  async receive({ id, registration_id }: ChoiceRow, { items, message, nonce, expiresAt }: Chosen): Promise<boolean> {
    const fresh = await this.#knex('used_assertions')
      .insert({
        registration_id,
        jti_hash: createHash('sha256').update(`deep-linking ${nonce}`).digest(),
        expires_at: new Date(expiresAt.getTime() + 120_000),
      })
      .onConflict(['registration_id', 'jti_hash'])
      .ignore()
      .returning('jti_hash');
    if (fresh.length === 0) throw new ResponseRefused('nonce-replayed');
    return this.#finish(id, { state: 'received', items: JSON.stringify(items), message, fault: null });
  }

  /** Stores why a response was refused. The choice stays open: a stranger's response must not end it, and the tool may try again. */
  async refuse({ id }: ChoiceRow, fault: string): Promise<boolean> {
    return this.#finish(id, { fault });
  }

  /** @throws Problem 404 if it is not the signed-in person's */
  async own(id: string): Promise<ChoiceRow & { tool: string }> {
    const row = await this.#knex('choices')
      .join('registrations', 'registrations.id', 'choices.registration_id')
      .where({ 'choices.id': id, person_id: this.#principal.id })
      .first('choices.*', 'registrations.name as tool');
    if (row === undefined) throw notFound();
    return row;
  }

  /**
   * Keeps chosen items as activities of the school. Choosing the same again finds the same activity.
   *
   * @param wanted places in `items`
   * @returns the activities, in the order of `wanted`
   * @throws Problem 404, 409 if the choice was used, or an item cannot be kept
   */
  async accept(id: string, wanted: readonly number[]): Promise<{ activityIds: string[]; returnPath: string }> {
    const choice = await this.own(id);
    const registration = await this.#registrations.activeById(choice.registration_id);
    if (choice.state !== 'received' || this.#library === undefined || registration === null) {
      throw conflict('lti/choice-over', 'This choice was kept already, or nothing was chosen yet.');
    }
    const items = wanted.map((place) => {
      const item = choice.items?.[place];
      if (item === undefined || item.fault !== null) throw conflict('lti/item-refused', `Item ${place} cannot be kept.`);
      return item;
    });
    const records = unique(items.map((item) => recordOf(item, registration, choice.school_id)));
    const { ids } = await this.#library.activities.upsert(records);
    await this.#keptChoices.note(registration.id, choice.school_id, records, ids);
    await this.#knex('choices').where({ id }).update({ state: 'accepted', items: null, updated_at: this.#knex.fn.now() });
    return { activityIds: ids, returnPath: choice.return_path };
  }

  /** Schools for which the person may choose. */
  schools(): string[] {
    const own = this.#principal.roles.flatMap(({ tenant, role }) =>
      tenant !== null && (role === 'teacher' || role === 'ict-coordinator') ? [tenant] : [],
    );
    return [...new Set(own)].sort();
  }

  #school(asked: string | undefined): string {
    const own = this.schools();
    const school = asked ?? own[0];
    if (school === undefined || !own.includes(school)) throw forbidden('Content is chosen for a school where you teach.');
    return school;
  }

  async #finish(id: string, change: object): Promise<boolean> {
    const changed = await this.#knex('choices')
      .where({ id, state: 'open' })
      .where('expires_at', '>', this.#clock.now())
      .update({ ...change, updated_at: this.#knex.fn.now() });
    return changed === 1;
  }
}

function recordOf(item: ChosenItem, registration: Registration, school: string): ActivityRecord {
  const { type, title, text, url, custom, lineItem, presentation } = item;
  const identity = [type, url, lineItem?.resourceId ?? null, Object.entries(custom).sort()];
  const base = {
    source: `choice:${registration.key}`,
    sourceId: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 40),
    school,
    title: title || lineItem?.label || (type === 'link' && url !== null ? new URL(url).host : registration.name),
    description: text,
    language: 'nl',
    provider: registration.name,
    minutes: null,
    ageFrom: null,
    ageTo: null,
    difficulty: null,
    teacherOnly: false,
    available: true,
    conceptUris: [],
    keywords: [],
  };
  if (type === 'link') return { ...base, content: { kind: 'link', url: url as string } };
  return {
    ...base,
    content: {
      kind: 'lti',
      lti: {
        registration: registration.key,
        // Without an address the tool's own (Deep Linking 2.0 §3.1).
        targetLinkUri: url ?? (registration.redirectUris[0] as string),
        custom,
        scoreMaximum: lineItem?.scoreMaximum ?? defaultMaximum,
        ...(presentation === null ? {} : { presentation }),
        ...(lineItem === null
          ? {}
          : {
              lineItem: {
                ...(lineItem.label === null ? {} : { label: lineItem.label }),
                ...(lineItem.resourceId === null ? {} : { resourceId: lineItem.resourceId }),
                ...(lineItem.tag === null ? {} : { tag: lineItem.tag }),
              },
            }),
      },
    },
  };
}

/** The library refuses the same activity twice in one list. */
const unique = (records: readonly ActivityRecord[]): ActivityRecord[] => [
  ...new Map(records.map((record) => [record.sourceId, record])).values(),
];
