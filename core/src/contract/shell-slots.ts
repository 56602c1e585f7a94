/** The slots that the shell opens on every page. */
export const shellSlots = ['shell.bar', 'shell.actions', 'shell.footer', 'shell.sign-in-again'] as const;
export type ShellSlot = (typeof shellSlots)[number];
