import type { CheckedPlugin } from '../plugins/loaded.js';
import { escapeHtml, standalonePage, table } from './page.js';
import type { PrivatePlugin } from './person-table.js';
import type { Register, RegisterTable } from './register.js';
import { type Language, Words } from './words.js';

/** The register of processing to read or print. */
export function registerPage(register: Register, plugins: readonly PrivatePlugin[], language: Language): string {
  const words = new Words(language);
  const say = (key: string) => escapeHtml(words.of(`register.${key}`));
  const head = ['table', 'purpose', 'people', 'data', 'keep', 'erase', 'schools', 'recipients'].map(say);
  const sections = register.plugins.map(({ id, version, privileges, recipients, tables }) => {
    const plugin = plugins.find((each) => each.plugin.id === id)?.plugin ?? null;
    const rows = tables.map((each) => cellsOf(each, plugin, words).map(escapeHtml));
    const facts = [
      recipients.length > 0 ? `${words.of('register.readers')}: ${recipients.join('; ')}` : '',
      privileges.length > 0 ? `${words.of('register.privileges')}: ${privileges.join(', ')}` : '',
    ].filter(Boolean);
    const heading = words.ofPlugin(plugin);
    return `<section><h2>${escapeHtml(heading)} <span class="soft">${escapeHtml(`${id} ${version}`)}</span></h2>
${facts.map((fact) => `<p class="soft">${escapeHtml(fact)}</p>`).join('')}${table(heading, head, rows)}</section>`;
  });
  const measures = register.measures.map((each) => `<li>${say(each)}</li>`).join('');
  const body = `<p>${escapeHtml(words.of('register.lead', { portal: register.portal, date: register.madeAt.slice(0, 10) }))}</p>
${sections.join('\n')}<section><h2>${say('measures')}</h2><ul>${measures}</ul></section>`;
  return standalonePage({ language, title: words.of('register.title'), body });
}

function cellsOf(each: RegisterTable, plugin: CheckedPlugin | null, words: Words): string[] {
  const { table, recipients } = each;
  const label = (column: string) => words.ofTable(plugin, table, column);
  return [
    `${words.ofTable(plugin, table)} (${table})`,
    words.ofDeclared(plugin, table, 'purpose', each.purpose),
    Object.entries(each.people)
      .map(([column, relation]) => `${label(column)}: ${words.of(`register.${relation}`)}`)
      .join('; '),
    each.data.map(label).join(', '),
    keepOf(each, plugin, words),
    eraseOf(each, label, words),
    schoolsOf(each, plugin, words),
    recipients.length === 0 ? '' : words.ofDeclared(plugin, table, 'recipients', recipients.join(', ')),
  ];
}

function keepOf({ keep, table }: RegisterTable, plugin: CheckedPlugin | null, words: Words): string {
  if (typeof keep === 'string') return words.of('register.updated', { duration: words.ofDuration(keep) });
  if ('until' in keep) return words.of(`register.${keep.until}`);
  if ('with' in keep) return words.of('register.with', { table: words.ofTable(plugin, keep.with) });
  return words.of('register.since', { duration: words.ofDuration(keep.for), column: words.ofTable(plugin, table, keep.since) });
}

function eraseOf({ erase }: RegisterTable, label: (column: string) => string, words: Words): string {
  const [rule, ...others] = new Set(Object.values(erase));
  if (rule !== undefined && others.length === 0) return words.of(`register.${rule}`);
  return Object.entries(erase)
    .map(([column, each]) => `${label(column)}: ${words.of(`register.${each}`)}`)
    .join('; ');
}

function schoolsOf({ schools, table }: RegisterTable, plugin: CheckedPlugin | null, words: Words): string {
  if (schools === null) return words.of('register.portal');
  if (typeof schools === 'object' && 'none' in schools) return words.ofDeclared(plugin, table, 'schools', schools.none);
  const [column, key] = typeof schools === 'string' ? [schools, 'own-schools'] : [schools.column, 'shared'];
  return words.of(`register.${key}`, { column: words.ofTable(plugin, table, column) });
}
