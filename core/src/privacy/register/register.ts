import { uses } from '../../contract/dependencies.js';
import type { PluginDefinition } from '../../contract/plugin.js';
import type { EraseRule, KeepRule, PersonRelation, TenantRule } from '../../contract/table.js';
import { KEPT_AFTER_END } from '../choices/choices.js';
import type { PrivatePlugin, PrivateTable } from '../person-table.js';

export interface RegisterTable {
  table: string;
  /** Id of the purpose. */
  purpose: string;
  /** What the table is for within it. */
  use: string;
  /** Column that names a person → how the person relates to the row. */
  people: Record<string, PersonRelation>;
  /** The other columns. */
  data: string[];
  keep: KeepRule | { until: 'role-ends' | 'work-done' | 'for-good' | 'operator-decides' };
  /** Column that names a person → what erasure does; `unlink` and `forget` are the kernel's own ways to anonymise. */
  erase: Record<string, EraseRule | 'unlink' | 'forget'>;
  /** Which tenants' people see its rows; null: only the portal. */
  tenants: TenantRule | null;
  recipients: string[];
}

/** What a plugin sends outside the portal, and to which hosts. */
export interface OutgoingCalls {
  hosts: string[];
  /** Reasons why it also calls hosts found in data, or uses its own connections. */
  further: string[];
  purpose: string;
  sends: string;
}

/** Record of processing activities (GDPR art. 30), one activity for each table; `registerPage` renders it as text. */
export interface Register {
  portal: string;
  madeAt: string;
  plugins: {
    id: string;
    version: string;
    privileges: string[];
    recipients: string[];
    /** Hosts outside the portal that it calls; null: none. */
    outgoing: OutgoingCalls | null;
    /** What machines may be allowed: name of a scope → the key of its text. Whoever holds a token with it receives the data. */
    scopes: Record<string, string>;
    tables: RegisterTable[];
  }[];
  measures: readonly string[];
}

/** Measures that apply to every portal (art. 30 (1)(g)). */
const measures = ['own-role', 'row-level-security', 'audit-log', 'sessions', 'logs', 'retention'];

const kernelTables = (auditMonths: number): RegisterTable[] => [
  entry(
    'sessions',
    'keeping a person signed in',
    ['display_name', 'language', 'device', 'age_band', 'tenant_id', 'created_at', 'seen_at', 'expires_at'],
    {
      for: 'PT12H',
      since: 'created_at',
    },
  ),
  entry('role_grants', 'deciding what a person may do', ['tenant_id', 'role'], { until: 'role-ends' }),
  entry('messages', 'work that waits to be done', ['payload'], { until: 'work-done' }),
  entry('live_messages', 'telling open pages what has changed', ['topic', 'payload'], { for: 'PT10M', since: 'numbered_at' }),
  {
    ...entry('audit_entries', 'showing who saw and changed what', ['at', 'route', 'params', 'status', 'tenants'], {
      for: `P${auditMonths}M`,
      since: 'at',
    }),
    people: { actor: 'author', people: 'subject' },
    erase: { actor: 'unlink', people: 'unlink' },
  },
  {
    ...entry('exports', 'giving a person a copy of their data', ['state', 'requested_at', 'finished_at', 'expires_at'], {
      for: 'PT24H',
      since: 'finished_at',
    }),
    purpose: 'rights-of-people',
    people: { person_id: 'subject', asked_by: 'author' },
    erase: { person_id: 'delete', asked_by: 'delete' },
  },
  decision('objections', 'acting on an objection', ['purpose_id']),
  decision('restrictions', 'acting on a restriction', ['ground']),
  decision('consents', 'proving a consent', ['purpose_id', 'about', 'version', 'text_hash', 'given_as']),
  {
    ...entry('machine_answers', 'answering a repeated write of a machine once', ['answer', 'created_at'], {
      for: 'PT24H',
      since: 'created_at',
    }),
    people: {},
    erase: { answer: 'forget' },
  },
  // Not a table: lines on the standard output of the processes, which the operator collects.
  {
    ...entry('log', 'finding faults and misuse', ['at', 'route', 'status'], { until: 'operator-decides' }),
    people: {},
    erase: {},
  },
  {
    ...entry('erasures', 'erasing a person on request', ['state', 'requested_at', 'finished_at'], { until: 'for-good' }),
    purpose: 'rights-of-people',
    erase: { person_id: 'forget' },
  },
];

function entry(table: string, use: string, data: string[], keep: RegisterTable['keep']): RegisterTable {
  return {
    table,
    purpose: 'safe-environment',
    use,
    people: { person_id: 'subject' },
    data,
    keep,
    erase: { person_id: 'delete' },
    tenants: null,
    recipients: [],
  };
}

/** A table of what people decided about their data. */
function decision(table: string, use: string, data: string[]): RegisterTable {
  return {
    ...entry(table, use, [...data, 'since', 'withdrawn_at'], { for: KEPT_AFTER_END, since: 'withdrawn_at' }),
    purpose: 'rights-of-people',
    people: { person_id: 'subject', recorded_by: 'author', withdrawn_by: 'author' },
    erase: { person_id: 'delete', recorded_by: 'anonymise', withdrawn_by: 'anonymise' },
  };
}

interface RegisterFacts {
  portal: string;
  auditMonths: number;
  madeAt: Date;
  /** Hosts that the operator lets plugins call. */
  operatorHosts?: Readonly<Record<string, { readonly hosts: readonly string[] }>>;
}

export function makeRegister(
  { portal, auditMonths, madeAt, operatorHosts = {} }: RegisterFacts,
  plugins: readonly PrivatePlugin[],
): Register {
  return {
    portal,
    madeAt: madeAt.toISOString(),
    measures,
    plugins: [
      {
        id: 'kernel',
        version: '',
        privileges: [],
        recipients: [],
        outgoing: null,
        scopes: {},
        tables: kernelTables(auditMonths),
      },
      ...plugins.flatMap(({ plugin, tables }) => {
        const own = tables.filter(({ people }) => people.length > 0);
        const { definition, id } = plugin;
        const outgoing = callsOf(definition, operatorHosts[id]?.hosts ?? []);
        if (own.length === 0 && outgoing === null && definition.scopes === undefined) return [];
        const exports = [...(definition.exports?.services ?? []), ...(definition.exports?.views ?? [])];
        const readers = plugins.filter((other) => uses(other.plugin.definition, id));
        return [
          {
            id,
            version: definition.version,
            privileges: definition.privileges ?? [],
            recipients: exports.length === 0 ? [] : readers.map((other) => `${other.plugin.id} (${exports.join(', ')})`),
            outgoing,
            scopes: definition.scopes ?? {},
            tables: own.map(describe),
          },
        ];
      }),
    ],
  };
}

function callsOf({ http }: PluginDefinition, ofOperator: readonly string[]): OutgoingCalls | null {
  if (http === undefined) return null;
  const { hosts = [], named, sockets, purpose, sends } = http;
  return { hosts: [...hosts, ...ofOperator], further: [named, sockets].filter((each) => each !== undefined), purpose, sends };
}

const describe = ({ name, declaration, columns, people }: PrivateTable): RegisterTable => ({
  table: name,
  purpose: declaration.purpose ?? '',
  use: declaration.use ?? '',
  people: declaration.people ?? {},
  data: [...columns.keys()].filter((column) => declaration.people?.[column] === undefined),
  // A table that names people always has `keep`: its plugin would not have been loaded otherwise.
  keep: declaration.keep as KeepRule,
  erase: Object.fromEntries(people.map((each) => [each.name, each.rule])),
  tenants: declaration.tenant,
  recipients: declaration.recipients ?? [],
});
