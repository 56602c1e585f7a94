import { Yielder } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';
import { type Enrolment, type events, mostInEvent } from './events.js';

export type Change = 'added' | 'changed' | 'removed';

/** Number of events whose messages are stored with one statement. */
const eventsAtOnce = 20;

type EventName = keyof typeof events;

/** Collects changes of the directory in a unit of work, to publish them in few events, by kind, change and school. */
export class ChangesToPublish {
  readonly #lists = new Map<string, { name: EventName; school: string | null; key: string; entries: unknown[] }>();

  /** @param school null if the person belongs to no school */
  person(change: Change, school: string | null, personId: string): void {
    this.#add(`people-${change}`, school, 'personIds', personId);
  }

  class(change: Change, school: string, classId: string): void {
    this.#add(`classes-${change}`, school, 'classIds', classId);
  }

  enrolment(change: Change, school: string, enrolment: Enrolment): void {
    this.#add(`enrolments-${change}`, school, 'enrolments', enrolment);
  }

  /** Publishes all collected changes in the current unit of work. */
  async publish(to: Dependencies['events']): Promise<void> {
    const yielder = new Yielder();
    let batch: Promise<void>[] = [];
    for (const { name, school, key, entries } of this.#lists.values()) {
      for (let start = 0; start < entries.length; start += mostInEvent) {
        // `publish` checks the payload with the schemas of events.ts.
        batch.push(to.publish(name, { school, [key]: entries.slice(start, start + mostInEvent) } as never));
        if (batch.length < eventsAtOnce) continue;
        await Promise.all(batch);
        batch = [];
        await yielder.yield();
      }
    }
    await Promise.all(batch);
  }

  #add(name: EventName, school: string | null, key: string, entry: unknown): void {
    const list = this.#lists.get(`${name} ${school}`);
    if (list === undefined) this.#lists.set(`${name} ${school}`, { name, school, key, entries: [entry] });
    else list.entries.push(entry);
  }
}
