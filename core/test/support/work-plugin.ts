import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import { none, plugin, sql } from './fixtures.js';

const job = jobFor<any>();

/** What the handlers below saw, and what holds them up. */
export class Bench {
  tries: { attempt: number; at: number }[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  entered = 0;
  aborted = 0;
  #open: (() => void)[] = [];
  #gate: Promise<void> | null = null;

  /** From now on handlers that come to the gate wait. */
  close(): void {
    this.#gate = new Promise((resolve) => this.#open.push(resolve));
  }
  open(): void {
    for (const resolve of this.#open.splice(0)) resolve();
    this.#gate = null;
  }
  async pass(signal: AbortSignal): Promise<void> {
    this.entered++;
    this.atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    signal.addEventListener('abort', () => this.aborted++);
    if (signal.aborted) this.aborted++;
    await this.#gate;
    this.atOnce--;
  }
}

/** A plugin whose jobs do what the contract of the job engines asks for. */
export const workPlugin = (bench: Bench, schedule?: string) =>
  plugin('work', {
    privileges: ['queues'],
    tables: { effects: none },
    migrations: [sql('0001', 'create table effects (text text unique)')],
    jobs: {
      record: job({
        payload: z.object({ text: z.string() }),
        handler: ({ payload, services: { knex } }) => knex('effects').insert(payload),
      }),
      flaky: job({
        payload: z.object({ succeedAt: z.int() }),
        retries: 3,
        backoff: 1,
        handler: async ({ payload, services: { knex }, message: { attempt } }) => {
          bench.tries.push({ attempt, at: Date.now() });
          await knex('effects').insert({ text: `attempt ${attempt}` });
          if (attempt < payload.succeedAt) throw new Error('not yet');
        },
      }),
      gated: job({
        payload: z.object({ text: z.string() }),
        handler: async ({ payload, services: { knex }, message: { signal, progress } }) => {
          progress(0.25);
          progress(0.5);
          await bench.pass(signal);
          await knex('effects').insert({ text: payload.text });
        },
      }),
      obedient: job({
        payload: z.object({ text: z.string() }),
        backoff: 0,
        handler: async ({ payload, services: { knex }, message: { signal } }) => {
          await knex('effects').insert({ text: payload.text });
          await bench.pass(signal);
          signal.throwIfAborted();
        },
      }),
      again: job({
        payload: z.object({ more: z.int() }),
        handler: async ({ payload: { more }, services: { knex, jobs } }) => {
          await knex('effects').insert({ text: `again ${more}` });
          if (more > 0) await jobs.enqueue('again', { more: more - 1 }, { uniqueKey: 'one' });
        },
      }),
      hopeless: job({
        payload: z.object({ text: z.string() }),
        retries: 1,
        backoff: 0,
        handler: async ({ payload, services: { knex } }) => {
          if ((await knex('effects').where({ text: 'mended' })).length === 0) throw new TypeError('hopeless');
          await knex('effects').insert({ text: payload.text });
        },
      }),
      ...(schedule === undefined
        ? {}
        : {
            nightly: job({
              payload: z.object({}),
              schedule,
              handler: ({ services: { knex } }) => knex('effects').insert({ text: 'night' }),
            }),
          }),
    },
  });
