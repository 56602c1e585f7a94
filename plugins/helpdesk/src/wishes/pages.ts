const permission = 'helpdesk:ask';

export const wishesPages = [
  { path: '/wensen', tag: 'helpdesk-wishes-page', title: 'wishes.title', permission },
  { path: '/wensen/:id', tag: 'helpdesk-wish-page', title: 'wishes.one', permission },
] as const;
