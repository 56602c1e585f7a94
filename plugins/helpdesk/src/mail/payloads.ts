import { z } from 'zod';

export const mailPayloads = {
  'check-mailbox': z.object({}),
  'watch-mailbox': z.object({}),
  'read-mail': z.object({ mailId: z.uuid() }),
  'send-mail': z.object({ mailId: z.uuid() }),
};
