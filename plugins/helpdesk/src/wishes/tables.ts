import type { TableDeclaration } from '@ilearn/core';

const shared = { tenant: { none: 'Wishes are shared by all schools; their author is shown to nobody.' } };

export const wishesTables: Record<string, TableDeclaration> = {
  wishes: {
    ...shared,
    people: { author_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'support',
    use: 'passing on what schools wish for',
  },
  wish_voices: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { with: 'wishes' },
    erase: 'delete',
    purpose: 'improvement',
    use: 'counting who wants something, and telling them what came of it',
  },
  wish_answers: {
    ...shared,
    people: { author_id: 'author' },
    notPeople: { provider_name: 'the name of an organisation' },
    keep: { with: 'wishes' },
    erase: 'anonymise',
    purpose: 'support',
    use: 'telling schools what came of a wish',
  },
};
