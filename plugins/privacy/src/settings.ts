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
  tenant: z.object({
    officer: line(),
    /** Age from which a pupil answers without a parent: 13 in Belgium for services of the information society (GDPR art. 8(1)). */
    consentAge: z.int().min(13).max(16).default(13),
  }),
};

export type PrivacySettings = Settings<typeof settings>;
