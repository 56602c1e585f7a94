import { AUDIT_MONTHS } from '../audit/partitions.js';
import type { PersonRelation, SchoolRule } from '../contract/table.js';
import type { PrivatePlugin, PrivateTable } from './person-table.js';

export interface RegisterTable {
  table: string;
  purpose: string;
  /** Column with the person → what they are to the row. */
  people: Record<string, PersonRelation>;
  /** The other columns. */
  data: string[];
  keep: string;
  erase: string;
  /** Which schools' people see its rows. */
  schools: string;
  recipients: string[];
}

/** Record of processing activities (GDPR art. 30), one activity a table. */
export interface Register {
  portal: string;
  madeAt: string;
  plugins: { id: string; version: string; privileges: string[]; recipients: string[]; tables: RegisterTable[] }[];
  measures: string[];
}

/** Holds true of every portal; art. 30 (1)(g). */
const measures = [
  'Each plugin reads its own tables only: its SQL runs under a database role of its own.',
  'Row-level security in the database shows the rows of a school to those who act for that school.',
  'Every request for personal data and every change is noted in a log that is only ever added to.',
  'Sessions are known by a hash of their key, end after two hours without use and in any case after twelve.',
  'Logs hold no names, addresses, ids of people or contents.',
  'What is past its time is deleted or anonymised every day; people are erased from all tables on request.',
];

const kernelTables: RegisterTable[] = [
  entry(
    'sessions',
    'Keeping a person signed in',
    ['display_name', 'language', 'created_at', 'seen_at', 'expires_at'],
    '12 hours',
  ),
  entry('role_grants', 'Deciding what a person may do', ['school_id', 'role'], 'as long as the role is held'),
  entry('messages', 'Work that waits to be done', ['payload'], 'until the work is done, or an operator deletes it'),
  {
    ...entry(
      'audit_entries',
      'Showing who saw and changed what',
      ['at', 'route', 'params', 'status', 'schools'],
      `${AUDIT_MONTHS} months`,
    ),
    erase: 'anonymised: the link between the person and their pseudonym is deleted',
  },
  {
    ...entry('erasures', 'Erasing a person on request', ['state', 'requested_at', 'finished_at'], 'for good, without the person'),
    erase: 'anonymised when the erasure is done',
  },
];

function entry(table: string, purpose: string, data: string[], keep: string): RegisterTable {
  return {
    table,
    purpose,
    people: { person_id: 'subject' },
    data,
    keep,
    erase: 'deleted',
    schools: 'the portal alone',
    recipients: [],
  };
}

export function makeRegister(portal: string, plugins: readonly PrivatePlugin[]): Register {
  return {
    portal,
    madeAt: new Date().toISOString(),
    measures,
    plugins: [
      { id: 'kernel', version: '', privileges: [], recipients: [], tables: kernelTables },
      ...plugins.flatMap(({ plugin, tables }) => {
        const own = tables.filter(({ people }) => people.length > 0);
        if (own.length === 0) return [];
        const { definition, id } = plugin;
        const exports = [...(definition.exports?.services ?? []), ...(definition.exports?.views ?? [])];
        const readers = plugins.filter((other) => other.plugin.definition.requires?.[id] !== undefined);
        return [
          {
            id,
            version: definition.version,
            privileges: definition.privileges ?? [],
            recipients: exports.length === 0 ? [] : readers.map((other) => `${other.plugin.id} (${exports.join(', ')})`),
            tables: own.map(describe),
          },
        ];
      }),
    ],
  };
}

function describe({ name, declaration, columns, people }: PrivateTable): RegisterTable {
  const rules = new Set(people.map(({ rule }) => rule));
  return {
    table: name,
    purpose: declaration.purpose ?? '',
    people: declaration.people ?? {},
    data: [...columns.keys()].filter((column) => declaration.people?.[column] === undefined),
    keep: keepOf(declaration.keep),
    erase: rules.size === 1 ? `${[...rules][0]}d` : people.map((each) => `${each.name}: ${each.rule}d`).join(', '),
    schools: schoolsOf(declaration.school),
    recipients: declaration.recipients ?? [],
  };
}

function keepOf(keep: PrivateTable['declaration']['keep']): string {
  if (keep === undefined) return '';
  if (typeof keep === 'string') return `${keep} after updated_at`;
  return 'with' in keep ? `as long as its row in ${keep.with}` : `${keep.for} after ${keep.since}`;
}

function schoolsOf(rule: SchoolRule): string {
  if (typeof rule === 'string') return `those of ${rule}`;
  return 'none' in rule ? rule.none : `those of ${rule.column}; all where it is null`;
}
