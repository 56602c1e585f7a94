import type { ReadableRegister } from '../../contract/privacy.js';
import { escapeHtml, standalonePage, table } from '../page.js';
import type { Language } from '../privacy-texts.js';

/** The register of processing activities as a page to read or print. */
export function registerPage({ title, lead, columns, parts, measures }: ReadableRegister, language: Language): string {
  const sections = parts.map(
    (part) => `<section><h2>${escapeHtml(part.title)} <span class="soft">${escapeHtml(`${part.id} ${part.version}`)}</span></h2>
${part.facts.map((fact) => `<p class="soft">${escapeHtml(fact)}</p>`).join('')}${table(
  part.title,
  columns.map(escapeHtml),
  part.rows.map((row) => row.map(escapeHtml)),
)}</section>`,
  );
  const lines = measures.lines.map((each) => `<li>${escapeHtml(each)}</li>`).join('');
  const body = `<p>${escapeHtml(lead)}</p>
${sections.join('\n')}<section><h2>${escapeHtml(measures.title)}</h2><ul>${lines}</ul></section>`;
  return standalonePage({ language, title, body });
}
