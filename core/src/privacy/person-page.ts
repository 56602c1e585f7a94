import { escapeHtml, standalonePage, table } from './page.js';
import type { PersonExport } from './person-archive.js';
import type { PersonRows } from './person-data.js';
import type { PrivatePlugin } from './person-table.js';
import { type Language, Words } from './words.js';

/** A person's export to read: one table for each table that names them, without columns that are empty throughout. */
export function personPage(data: PersonExport, plugins: readonly PrivatePlugin[], language: Language): string {
  const words = new Words(language);
  const parts = data.plugins
    .filter(({ tables, data: own, files }) => tables.length > 0 || own !== undefined || files.length > 0)
    .map((part) => {
      const plugin = plugins.find((each) => each.plugin.id === part.id)?.plugin ?? null;
      const name = words.ofPlugin(plugin);
      const tables = part.tables.map((rows) =>
        section(
          { ...rows, purpose: words.ofDeclared(plugin, rows.table, 'purpose', rows.purpose) },
          (column) => words.ofTable(plugin, rows.table, column),
          (value, column) => cell(value, { person: data.person, told: (text) => words.ofValue(plugin, column, text) }, words),
          words,
        ),
      );
      const own =
        part.data === undefined
          ? ''
          : `<h3>${words.of('export.more')}</h3><pre>${escapeHtml(JSON.stringify(part.data, null, 2))}</pre>`;
      const files =
        part.files.length === 0
          ? ''
          : `<h3>${words.of('export.files')}</h3><ul>${part.files.map((file) => `<li>${escapeHtml(file)}</li>`).join('')}</ul>`;
      return `<section><h2>${escapeHtml(name)}</h2>${tables.join('')}${own}${files}</section>`;
    });
  const body = `<p>${escapeHtml(words.of('export.lead', { portal: data.portal, date: moment(data.madeAt, words) }))}</p>
<p class="soft">${escapeHtml(words.of('export.json'))}</p>
${data.schools === '*' ? '' : `<p><strong>${escapeHtml(words.of('export.ofSchools'))}</strong></p>`}
${data.absent.length === 0 ? '' : `<p><strong>${escapeHtml(words.of('export.absent', { plugins: data.absent.join(', ') }))}</strong></p>`}
${parts.length === 0 ? `<p>${words.of('export.nothing')}</p>` : parts.join('\n')}`;
  return standalonePage({ language, title: words.of('export.title'), body });
}

function section(
  { rows, purpose, withheld }: PersonRows,
  label: (column?: string) => string,
  show: (value: unknown, column: string) => string,
  words: Words,
): string {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = all.filter((column) => rows.some((row) => !empty(row[column])));
  const title = label();
  const left = Object.keys(withheld).map(label);
  return `<h3>${escapeHtml(title)} <span class="soft">(${rows.length})</span></h3>
<p class="soft">${escapeHtml(words.of('export.purpose', { purpose }))}${left.length > 0 ? `<br>${escapeHtml(words.of('export.withheld', { columns: left.join(', ') }))}` : ''}</p>
${table(
  title,
  columns.map((column) => escapeHtml(label(column))),
  rows.map((row) => columns.map((column) => show(row[column], column))),
)}`;
}

const empty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

function cell(value: unknown, about: { person: string; told(text: string): string }, words: Words): string {
  if (empty(value)) return '–';
  if (value === about.person) return escapeHtml(words.of('export.you'));
  if (value instanceof Date) return `<time datetime="${value.toISOString()}">${escapeHtml(moment(value, words))}</time>`;
  if (typeof value === 'boolean') return words.of(value ? 'export.yes' : 'export.no');
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.map((each) => cell(each, about, words)).join(', ');
  if (typeof value === 'object') return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
  return escapeHtml(about.told(String(value)));
}

const moment = (value: string | Date, { language }: Words): string =>
  new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Brussels' }).format(
    new Date(value),
  );
