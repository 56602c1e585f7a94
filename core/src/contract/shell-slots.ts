/** The slots that the shell opens: `shell.start` on the start page, the others on every page. */
export const shellSlots = ['shell.bar', 'shell.actions', 'shell.footer', 'shell.start', 'shell.sign-in-again'] as const;
/** The slot of the start page (`/`), whose elements are its parts. */
export const startSlot = 'shell.start' satisfies ShellSlot;
export type ShellSlot = (typeof shellSlots)[number];
