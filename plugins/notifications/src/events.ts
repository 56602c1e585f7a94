import { z } from 'zod';

/** Payload schema of each event. */
export const events = {
  /** An e-mail was put together from notifications of kinds with `attachment: true`: their plugins add files by `notifications.attachments`. */
  'attachment-wanted': z.object({
    mail: z.uuid(),
    person: z.uuid(),
    notifications: z.array(z.object({ kind: z.string(), place: z.string() })).max(20),
  }),
};
