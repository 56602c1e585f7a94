import type { ReadableRegister, RegisteredData } from '../../contract/privacy.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import type { PrivatePlugin } from '../person-table.js';
import { type Language, PrivacyTexts } from '../privacy-texts.js';
import type { OutgoingCalls, Register, RegisterTable } from './register.js';

const columns = ['table', 'use', 'people', 'data', 'keep', 'erase', 'tenants', 'recipients'] as const;

/** The register in one language: plugins' tables with their own messages, the kernel's with the kernel's. */
export function readableRegister(register: Register, plugins: readonly PrivatePlugin[], language: Language): ReadableRegister {
  const texts = new PrivacyTexts(language);
  const say = (key: string, holes?: Record<string, string>) => texts.of(`register.${key}`, holes);
  const parts = register.plugins.map(({ id, version, privileges, recipients, outgoing, scopes, tables }) => {
    const plugin = plugins.find((each) => each.plugin.id === id)?.plugin ?? null;
    const facts = [
      recipients.length > 0 ? `${say('readers')}: ${recipients.join('; ')}` : '',
      outgoing === null ? '' : `${say('outside')}: ${callsOf(outgoing, plugin, texts)}`,
      machinesOf(scopes, plugin, texts),
      privileges.length > 0 ? `${say('privileges')}: ${privileges.join(', ')}` : '',
    ];
    const records = tables.map((each) => recordOf(id, each, plugin, texts));
    const hosts = outgoing === null ? [] : hostsOf(outgoing, plugin, texts);
    const rows = records.map((record) =>
      columns.map((each) => (each === 'table' ? `${record.title} (${record.table})` : record[each])),
    );
    const title = texts.ofPlugin(plugin);
    return { id, version, title, facts: facts.filter(Boolean), hosts, rows, records, statement: texts.statementsOf(plugin) };
  });
  return {
    title: say('title'),
    lead: say('lead', { portal: register.portal, date: register.madeAt.slice(0, 10) }),
    columns: columns.map((each) => say(each)),
    parts: parts.map(({ records: _, ...part }) => part),
    records: parts.flatMap(({ records }) => records),
    measures: { title: say('measures'), lines: register.measures.map((each) => say(each)) },
  };
}

/** Which hosts it calls, for what purpose, and what it sends them. */
function callsOf(calls: OutgoingCalls, plugin: CheckedPlugin | null, texts: PrivacyTexts): string {
  const whom = hostsOf(calls, plugin, texts).join(', ');
  const [what, why] = [texts.ofOutgoing(plugin, 'sends', calls.sends), texts.ofOutgoing(plugin, 'purpose', calls.purpose)];
  return texts.of('register.calls', { whom: whom === '' ? '–' : whom, what, why });
}

const hostsOf = ({ hosts, further }: OutgoingCalls, plugin: CheckedPlugin | null, texts: PrivacyTexts): string[] => [
  ...hosts,
  ...(further.length > 0 ? [texts.ofOutgoing(plugin, 'further', further.join('; '))] : []),
];

/** What API clients and tools can be allowed, in the words that an administrator reads before allowing it. */
function machinesOf(scopes: Record<string, string>, plugin: CheckedPlugin | null, texts: PrivacyTexts): string {
  const allowed = Object.entries(scopes).map(([name, key]) => `${texts.ofScope(plugin, key)} (${plugin?.id}.${name})`);
  return allowed.length === 0 ? '' : `${texts.of('register.machines')}: ${allowed.join('; ')}`;
}

function recordOf(id: string, each: RegisterTable, plugin: CheckedPlugin | null, texts: PrivacyTexts): RegisteredData {
  const { table, purpose, recipients } = each;
  const label = (column: string) => texts.ofTable(plugin, table, column);
  return {
    plugin: id,
    table,
    title: texts.ofTable(plugin, table),
    purpose,
    use: texts.ofDeclared(plugin, table, 'use', each.use),
    people: Object.entries(each.people)
      .map(([column, relation]) => `${label(column)}: ${texts.of(`register.${relation}`)}`)
      .join('; '),
    data: each.data.map(label).join(', '),
    keep: keepOf(each, plugin, texts),
    erase: eraseOf(each, label, texts),
    tenants: tenantsOf(each, plugin, texts),
    recipients: recipients.length === 0 ? '' : texts.ofDeclared(plugin, table, 'recipients', recipients.join(', ')),
  };
}

function keepOf({ keep, table }: RegisterTable, plugin: CheckedPlugin | null, texts: PrivacyTexts): string {
  if (typeof keep === 'string') return texts.of('register.updated', { duration: texts.ofDuration(keep) });
  if ('until' in keep) return texts.of(`register.${keep.until}`);
  if ('with' in keep) return texts.of('register.with', { table: texts.ofTable(plugin, keep.with) });
  return texts.of('register.since', { duration: texts.ofDuration(keep.for), column: texts.ofTable(plugin, table, keep.since) });
}

function eraseOf({ erase }: RegisterTable, label: (column: string) => string, texts: PrivacyTexts): string {
  const [rule, ...others] = new Set(Object.values(erase));
  if (rule !== undefined && others.length === 0) return texts.of(`register.${rule}`);
  return Object.entries(erase)
    .map(([column, each]) => `${label(column)}: ${texts.of(`register.${each}`)}`)
    .join('; ');
}

function tenantsOf({ tenants, table }: RegisterTable, plugin: CheckedPlugin | null, texts: PrivacyTexts): string {
  if (tenants === null) return texts.of('register.portal');
  if (typeof tenants === 'object' && 'none' in tenants) return texts.ofDeclared(plugin, table, 'tenants', tenants.none);
  if (typeof tenants === 'object' && 'sees' in tenants) {
    const labels = (columns: readonly string[]) => columns.map((each) => `“${texts.ofTable(plugin, table, each)}”`).join(', ');
    return texts.of('register.several', { sees: labels(tenants.sees), writes: labels(tenants.writes) });
  }
  const [column, key] = typeof tenants === 'string' ? [tenants, 'own-tenants'] : [tenants.column, 'shared'];
  return texts.of(`register.${key}`, { column: texts.ofTable(plugin, table, column) });
}
