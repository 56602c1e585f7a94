import type { TableDeclaration } from '@ilearn/core';

const shared = { tenant: { none: 'The state of tools is the same for every school.' } };

export const outagesTables: Record<string, TableDeclaration> = {
  tool_states: { ...shared, notPeople: { name: 'the name of a tool' } },
  outages: {
    ...shared,
    people: { author_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'support',
    use: 'telling people that a tool does not work, and since when',
  },
};
