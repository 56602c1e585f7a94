export const mailPages = [
  {
    path: '/helpdesk/post',
    tag: 'helpdesk-mail-page',
    title: 'mail.desk.title',
    nav: { icon: 'mail', order: 96, section: 'helpdesk' },
    permission: 'helpdesk:manage-mail',
    density: 'compact',
  },
] as const;

export const mailSlots = [
  { slot: 'shell.start', tag: 'helpdesk-start-mail', permission: 'helpdesk:manage-mail', order: 20 },
] as const;
