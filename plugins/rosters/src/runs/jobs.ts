import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from './payloads.js';
import { type ReadResult, readStep } from './reading.js';

const job = jobFor<Cradle>();
/** Seconds over which the schools are spread at night. */
const night = 4 * 3_600;

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
  nightly: job({
    payload: payloads.nightly,
    schedule: '10 1 * * *',
    async handler({ services: { connections, runs } }) {
      await runs.clearReports();
      const schools = await connections.nightly();
      for (const [index, school] of schools.entries()) {
        await runs.start(school, 'nightly', Math.floor((index / schools.length) * night));
      }
    },
  }),
};
