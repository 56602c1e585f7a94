import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from './payloads.js';
import { type ReadResult, readStep } from './reading.js';

const job = jobFor<Cradle>();
/** Seconds over which the schools are spread at night. */
const night = 4 * 3_600;
/** Jobs enqueued in one statement. */
const atOnce = 1_000;

const failed = (code: 'lost'): ReadResult => ({
  pages: [],
  objects: 0,
  orgs: null,
  position: null,
  failure: { code, passing: false, after: null },
});

export const jobs = {
  /** A step of reading. */
  read: job({
    payload: payloads.read,
    outside: {
      seconds: 300,
      atOnce: 4,
      async call({ payload: { run, step }, read, http, message: { signal } }): Promise<ReadResult | null> {
        const input = await read(({ reading }) => reading.input(run, step));
        if (input === null) return null;
        return typeof input === 'string' ? failed('lost') : readStep(http, input, signal);
      },
    },
    async handler({ payload: { run, step }, result, services }) {
      if (result !== null) await services.reading.record(run, step, result);
    },
  }),
  /** Takes over what was read. */
  apply: job({ payload: payloads.apply, handler: ({ payload: { run }, services }) => services.taking.take(run) }),
  /** A run at night. */
  begin: job({
    payload: payloads.begin,
    async handler({ payload: { school }, services: { connections, runs } }) {
      if ((await connections.of(school))?.nightly === true) await runs.start(school, 'nightly');
    },
  }),
  nightly: job({
    payload: payloads.nightly,
    schedule: '10 1 * * *',
    async handler({ services: { connections, jobs, runs } }) {
      await runs.clearReports();
      await runs.endOld();
      const schools = await connections.nightly();
      const delayOf = (index: number) => Math.floor((index / schools.length) * night);
      for (let from = 0; from < schools.length; from += atOnce) {
        const part = schools.slice(from, from + atOnce);
        await Promise.all(
          part.map((school, index) => jobs.enqueue('begin', { school }, { delaySeconds: delayOf(from + index) })),
        );
      }
    },
  }),
};
