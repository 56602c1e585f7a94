const messages = new URL('../messages/', import.meta.url);

const kind = (name: string) => ({
  ...{ name, messages, text: `notifications.${name}`, place: '/leerlinggegevens' },
  ...{ audience: 'roster:connect', channel: 'now' as const },
});

/** What ICT coordinators hear of the runs at night. */
export const notificationKinds = [kind('held'), kind('failed')];
