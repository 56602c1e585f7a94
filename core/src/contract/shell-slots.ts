/** The slots that the shell opens: `shell.start` on the start page, the others on every page, if it has a use for them. */
export const shellSlots = ['shell.bar', 'shell.actions', 'shell.footer', 'shell.sign-in-again', 'shell.start'] as const;
/** The slot of the start page (`/`), whose elements are its parts. */
export const startSlot = 'shell.start' satisfies ShellSlot;
export type ShellSlot = (typeof shellSlots)[number];
