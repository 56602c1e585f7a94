import { escapeHtml, standalonePage, table } from './page.js';
import type { PrivatePlugin } from './person-table.js';
import type { Register } from './register.js';
import { type Language, Words } from './words.js';

/** The register of processing to read or print. */
export function registerPage(register: Register, plugins: readonly PrivatePlugin[], language: Language): string {
  const words = new Words(language);
  const say = (key: string) => escapeHtml(words.of(`register.${key}`));
  const head = ['table', 'purpose', 'people', 'data', 'keep', 'erase', 'schools', 'recipients'].map(say);
  const sections = register.plugins.map(({ id, version, privileges, recipients, tables }) => {
    const plugin = plugins.find((each) => each.plugin.id === id)?.plugin ?? null;
    const rows = tables.map((each) =>
      [
        `${words.ofTable(plugin, each.table)} (${each.table})`,
        words.ofPurpose(plugin, each.table, each.purpose),
        Object.entries(each.people)
          .map(([column, relation]) => `${column}: ${words.of(`register.${relation}`)}`)
          .join(', '),
        each.data.join(', '),
        each.keep,
        each.erase,
        each.schools,
        each.recipients.join(', '),
      ].map(escapeHtml),
    );
    const facts = [
      recipients.length > 0 ? `${words.of('register.readers')}: ${recipients.join('; ')}` : '',
      privileges.length > 0 ? `${words.of('register.privileges')}: ${privileges.join(', ')}` : '',
    ].filter(Boolean);
    const heading = words.ofPlugin(plugin);
    return `<section><h2>${escapeHtml(heading)} <span class="soft">${escapeHtml(`${id} ${version}`)}</span></h2>
${facts.map((fact) => `<p class="soft">${escapeHtml(fact)}</p>`).join('')}${table(heading, head, rows)}</section>`;
  });
  const measures = register.measures.map((each) => `<li>${escapeHtml(each)}</li>`).join('');
  const body = `<p>${escapeHtml(words.of('register.lead', { portal: register.portal, date: register.madeAt.slice(0, 10) }))}</p>
${sections.join('\n')}<section><h2>${say('measures')}</h2><ul>${measures}</ul></section>`;
  return standalonePage({ language, title: words.of('register.title'), body });
}
