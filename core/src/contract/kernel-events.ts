import { z } from 'zod';

const settingsChanged = z.object({
  /** The plugin whose settings changed, or `kernel` for time zone and calendar. */
  plugin: z.string(),
  /** Null: the portal's settings. */
  tenant: z.string().nullable(),
  /** The fields that changed. */
  fields: z.array(z.string()),
});

const exportReady = z.object({
  /** Id of the person whose data were exported. */
  person: z.string(),
  /** Id of who asked for it: the person, or somebody responsible for personal data. */
  askedBy: z.string(),
});

/** Events of the kernel by name, with the schema of each payload. */
export const kernelEvents = {
  /** Settings changed. Sent to the plugin that owns them; changes of the kernel's own settings are sent to every subscriber. */
  'kernel.settings-changed': settingsChanged,
  /** An export of personal data that somebody asked for can be downloaded. */
  'kernel.export-ready': exportReady,
} as const;

/** Name of one of the kernel's own events. */
export type KernelEvent = keyof typeof kernelEvents;
