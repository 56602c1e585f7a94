import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const job = jobFor<Cradle>();
const payload = z.object({});

export const jobs = {
  'warn-of-ends': job({ payload, schedule: '30 6 * * *', handler: ({ services }) => services.warnings.send() }),
  'warn-of-seats': job({ payload, schedule: '40 6 * * *', handler: ({ services }) => services.seatWarnings.send() }),
  'follow-groups': job({ payload, schedule: '15 3 * * *', handler: ({ services }) => services.groupGrants.synchronise() }),
};
