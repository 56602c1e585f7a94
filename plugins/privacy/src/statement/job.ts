import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../job-payloads.js';

/** Each hour, and soon after each start, when all modules are in service. */
export const statementJobs = {
  noteStatement: jobFor<Cradle>()({
    payload: payloads.noteStatement,
    schedule: '17 * * * *',
    handler: async ({ services: { statementVersions, agreements } }) => {
      await statementVersions.note();
      await agreements.note();
    },
  }),
};
