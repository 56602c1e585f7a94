import type { Settings } from '@ilearn/core';
import { z } from 'zod';

const line = () => z.string().max(300).default('');

/** Who answers for the data: printed on the register, the statement and agreements. */
export const settings = {
  portal: z.object({
    operator: line(),
    operatorContact: line(),
    operatorOfficer: line(),
    /** One processor a line: name, what it does, country. */
    subProcessors: z.string().max(4_000).default(''),
  }),
  tenant: z.object({ officer: line() }),
};

export type PrivacySettings = Settings<typeof settings>;
