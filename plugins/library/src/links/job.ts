import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../payloads.js';
import { checkByHost } from './check-host.js';

/** Checks the links whose turn it is, some at a time, at night. */
export const checkLinks = jobFor<Cradle>()({
  payload: payloads['check-links'],
  schedule: '*/5 1-5 * * *',
  // The next turn comes soon enough.
  retries: 0,
  outside: {
    seconds: 300,
    atOnce: 1,
    async call({ read, http, message: { signal } }) {
      const links = await read(({ linkChecks }) => linkChecks.due());
      return checkByHost(http, links, signal);
    },
  },
  async handler({ result, services: { linkChecks, log } }) {
    await linkChecks.record(result);
    await linkChecks.takeUp();
    await linkChecks.hurryReported();
    if (result.length > 0) log.info({ checked: result.length }, 'links checked');
  },
});
