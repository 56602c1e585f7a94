import { Yielder } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';
import { type Enrolment, type events, mostInEvent } from './events.js';

export type Change = 'added' | 'changed' | 'removed';

/** What an import changed in one school. */
export type ImportCounts = Record<'people' | 'classes', Record<Change, number>>;

/** Number of events whose messages are stored with one statement. */
const eventsAtOnce = 20;

type EventName = Exclude<
  keyof typeof events,
  'group-removed' | 'provider-person-invited' | 'school-year-turned' | 'school-year-restored'
>;

/** The members of a payload that say whose change it is. */
type Tenant = { school: string | null } | { provider: string } | Record<never, never>;

/** Collects changes of the directory in a unit of work, to publish them in few events, by kind, change and tenant. */
export class ChangesToPublish {
  readonly #lists = new Map<string, { name: EventName; tenant: Tenant; key: string; entries: unknown[] }>();

  /** @param school null if the person belongs to no school */
  person(change: Change, school: string | null, personId: string): void {
    this.#add(`people-${change}`, { school }, 'personIds', personId);
  }

  class(change: Change, school: string, classId: string): void {
    this.#add(`classes-${change}`, { school }, 'classIds', classId);
  }

  enrolment(change: Change, school: string, enrolment: Enrolment): void {
    this.#add(`enrolments-${change}`, { school }, 'enrolments', enrolment);
  }

  provider(change: Change, providerId: string): void {
    this.#add(`providers-${change}`, {}, 'providerIds', providerId);
  }

  providerPerson(change: Change, provider: string, personId: string): void {
    this.#add(`provider-people-${change}`, { provider }, 'personIds', personId);
  }

  /** How many people and classes of a school were added, changed and removed. */
  countsOf(school: string): ImportCounts {
    const count = (kind: 'people' | 'classes', change: Change) =>
      this.#lists.get(`${kind}-${change} ${school}`)?.entries.length ?? 0;
    const counts = (kind: 'people' | 'classes') => ({
      added: count(kind, 'added'),
      changed: count(kind, 'changed'),
      removed: count(kind, 'removed'),
    });
    return { people: counts('people'), classes: counts('classes') };
  }

  /** Publishes all collected changes in the current unit of work. */
  async publish(to: Dependencies['events']): Promise<void> {
    const yielder = new Yielder();
    let batch: Promise<void>[] = [];
    for (const { name, tenant, key, entries } of this.#lists.values()) {
      for (let start = 0; start < entries.length; start += mostInEvent) {
        // `publish` checks the payload with the schemas of events.ts.
        batch.push(to.publish(name, { ...tenant, [key]: entries.slice(start, start + mostInEvent) } as never));
        if (batch.length < eventsAtOnce) continue;
        await Promise.all(batch);
        batch = [];
        await yielder.yield();
      }
    }
    await Promise.all(batch);
  }

  #add(name: EventName, tenant: Tenant, key: string, entry: unknown): void {
    const id = `${name} ${Object.values(tenant)[0]}`;
    const list = this.#lists.get(id);
    if (list === undefined) this.#lists.set(id, { name, tenant, key, entries: [entry] });
    else list.entries.push(entry);
  }
}
