import type { CheckedPlugin } from '../../foundation/plugin.js';
import { escapeHtml, pageAround, tableAround, tableRow } from '../page.js';
import { type Language, PrivacyTexts } from '../privacy-texts.js';
import { emptyCell, type PersonExport, type WrittenPart } from './person-export.js';

/**
 * A person's export as an HTML page, in pieces: one HTML table for each database table that names them, without columns that are empty
 * throughout.
 */
export async function* personPage(
  data: PersonExport,
  parts: readonly WrittenPart[],
  language: Language,
  step: () => void,
): AsyncGenerator<string> {
  const texts = new PrivacyTexts(language);
  const say = (key: string, holes?: Record<string, string>) => escapeHtml(texts.of(key, holes));
  const { start, end } = pageAround({ language, title: texts.of('export.title') });
  yield `${start}<p>${say('export.lead', { portal: data.portal, date: texts.moment(data.madeAt) })}</p>
<p class="soft">${say('export.json')}</p>
${data.tenants === '*' ? '' : `<p><strong>${say('export.ofTenants')}</strong></p>`}
${data.absent.length === 0 ? '' : `<p><strong>${say('export.absent', { plugins: data.absent.join(', ') })}</strong></p>`}`;
  let something = false;
  for (const part of parts) {
    const plugin = part.plugin?.plugin ?? null;
    const tables = part.tables.filter(({ found }) => found.rows > 0);
    if (tables.length > 0 || part.data !== null || part.files.length > 0) {
      something = true;
      yield `\n<section><h2>${escapeHtml(texts.ofPlugin(plugin))}</h2>`;
      for (const each of tables)
        yield* section(each, { plugin, person: data.person, doing: (route) => doingOf(route, parts, texts) }, texts);
      if (part.data !== null) yield `<h3>${texts.of('export.more')}</h3><pre>${escapeHtml(part.data)}</pre>`;
      if (part.files.length > 0) {
        yield `<h3>${texts.of('export.files')}</h3><ul>${part.files.map((file) => `<li>${escapeHtml(file)}</li>`).join('')}</ul>`;
      }
      yield '</section>';
    }
    for (const _ of part.tables) step();
  }
  if (!something) yield `\n<p>${texts.of('export.nothing')}</p>`;
  yield end;
}

async function* section(
  { table: name, found, use, withheld, batches }: WrittenPart['tables'][number],
  { plugin, person, doing }: { plugin: CheckedPlugin | null; person: string; doing(route: string): string },
  texts: PrivacyTexts,
): AsyncGenerator<string> {
  const label = (column?: string) => texts.ofTable(plugin, name, column);
  const title = label();
  const left = Object.keys(withheld).map(label);
  const what = texts.of('export.purpose', { purpose: texts.ofDeclared(plugin, name, 'use', use) });
  yield `<h3>${escapeHtml(title)} <span class="soft">(${found.rows})</span></h3>
<p class="soft">${escapeHtml(what)}${left.length > 0 ? `<br>${escapeHtml(texts.of('export.withheld', { columns: left.join(', ') }))}` : ''}</p>
`;
  const columns = found.columns.filter((column) => found.filled.has(column));
  const { start, end } = tableAround(
    title,
    columns.map((column) => escapeHtml(label(column))),
  );
  yield start;
  let before = '';
  for await (const rows of batches()) {
    for (const row of rows) {
      const recorded = plugin === null && name === 'audit_entries';
      const told = (column: string) => (text: string) =>
        recorded && column === 'route' ? doing(text) : texts.ofValue(plugin, column, text);
      yield `${before}${tableRow(columns.map((column) => cell(row[column], { person, told: told(column) }, texts)))}`;
      before = '\n';
    }
  }
  yield end;
}

/** What an audit entry did, in words. The export has the texts of the plugins whose data it holds; the id of the plugin is in the route. */
function doingOf(route: string, parts: readonly WrittenPart[], texts: PrivacyTexts): string {
  const id = /^[A-Z]+ \/api\/([^/]+)/.exec(route)?.[1] ?? 'kernel';
  return texts.ofDoing(parts.find((part) => part.id === id)?.plugin?.plugin ?? null, { plugin: id, route });
}

function cell(value: unknown, about: { person: string; told(text: string): string }, texts: PrivacyTexts): string {
  if (emptyCell(value)) return '–';
  if (value === about.person) return escapeHtml(texts.of('export.you'));
  if (value instanceof Date) return `<time datetime="${value.toISOString()}">${escapeHtml(texts.moment(value))}</time>`;
  if (typeof value === 'boolean') return texts.of(value ? 'export.yes' : 'export.no');
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.map((each) => cell(each, about, texts)).join(', ');
  if (typeof value === 'object') return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
  return escapeHtml(about.told(String(value)));
}
