// `npm run docs:site [-- <folder>]`: writes the documentation as static pages with search, and a catalogue of the plugins from their manifests,
// to `site/` (or the folder). The pages need no server and ask no other host.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Marked } from 'marked';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Sections of the navigation: title → pages, by their place in the repository. */
const sections = {
  'Start here': ['README.md', 'docs/guide.md', 'docs/architecture.md', 'docs/words.md'],
  Operators: [
    'docs/operating.md',
    'docs/scaling.md',
    'docs/upgrade.md',
    'docs/sign-in.md',
    'docs/accounts.md',
    'docs/rosters.md',
    'docs/oneroster.md',
    'docs/joining.md',
    'docs/privacy.md',
  ],
  'Plugin authors': [
    'docs/plugins.md',
    'docs/ui.md',
    'docs/connectors.md',
    'docs/versioning.md',
    'docs/api/core.md',
    'docs/api/ui.md',
  ],
  'What it does': [
    'docs/myway.md',
    'docs/library.md',
    'docs/lti.md',
    'docs/licences.md',
    'docs/academy.md',
    'docs/helpdesk.md',
    'docs/reports.md',
    'docs/data-space.md',
    'docs/api.md',
  ],
  Project: ['docs/decisions.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md'],
};

const escapeHtml = (text) =>
  text.replace(/[&<>"']/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[each]);

/** The anchor that code hosts give a heading. */
const slugOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const plain = (html) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

const outputOf = (source) =>
  source === 'README.md' ? 'index.html' : source.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');

/** Every page: `source` within the repository, `title`, `html`, and the sections that search finds. */
export async function readPages() {
  const listed = Object.values(sections).flat();
  const others = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .filter((source) => !listed.includes(source));
  if (others.length > 0) throw new Error(`core/scripts/site.mjs lists no section for ${others.join(', ')}`);
  const plugins = await readPlugins();
  const sources = [...listed, ...plugins.map(({ readme }) => readme).filter((readme) => readme !== null)];
  const known = new Set(sources);
  const pages = sources.map((source) => renderPage(source, readFileSync(join(root, source), 'utf8'), known));
  return { pages: [...pages, catalogueOf(plugins)], plugins };
}

function renderPage(source, text, known) {
  const used = new Map();
  const found = [];
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const slug = slugOf(plain(html));
        const count = used.get(slug) ?? 0;
        used.set(slug, count + 1);
        const id = count === 0 ? slug : `${slug}-${count}`;
        found.push({ title: plain(html), id, depth });
        return `<h${depth} id="${escapeHtml(id)}">${html}</h${depth}>\n`;
      },
      link({ href, title, tokens }) {
        const html = this.parser.parseInline(tokens);
        const named = title ? ` title="${escapeHtml(title)}"` : '';
        const to = linkFrom(source, href, known);
        return to === null ? html : `<a href="${escapeHtml(to)}"${named}>${html}</a>`;
      },
      image({ href, text: alternative }) {
        return `<img src="${escapeHtml(href)}" alt="${escapeHtml(alternative)}" loading="lazy">`;
      },
      table(token) {
        const cell = (kind, { tokens }) => `<${kind}>${this.parser.parseInline(tokens)}</${kind}>`;
        const head = token.header.map((each) => cell('th', each)).join('');
        const rows = token.rows.map((row) => `<tr>${row.map((each) => cell('td', each)).join('')}</tr>`).join('\n');
        return `<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
      html({ text: raw }) {
        // Comments of the sources; nothing else is written as HTML in them.
        return raw.trim().startsWith('<!--') ? '' : escapeHtml(raw);
      },
    },
  });
  const html = marked.parse(text);
  return { source, output: outputOf(source), title: found[0]?.title ?? source, html, entries: entriesOf(html, found) };
}

/** Where a link leads within the site; null for a file of the repository that is not part of it. */
function linkFrom(source, href, known) {
  if (/^[a-z]+:/i.test(href) || href.startsWith('#')) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
  const page = known.has(target) ? target : known.has(`${target}/README.md`) ? `${target}/README.md` : null;
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (page === null) return null;
  return `${posix.relative(posix.dirname(outputOf(source)), outputOf(page))}${hash}`;
}

/** The text below each heading, for search. */
function entriesOf(html, headings) {
  const parts = html.split(/<h[1-6] id="[^"]*">/);
  return headings.map(({ title, id }, index) => ({
    title,
    id,
    text: plain((parts[index + 1] ?? '').replace(/^[\s\S]*?<\/h[1-6]>/, '')).slice(0, 2_000),
  }));
}

/** The plugins of this repository, from their manifests, packages and messages. */
async function readPlugins() {
  const plugins = [];
  for (const name of readdirSync(join(root, 'plugins')).sort()) {
    const folder = join(root, 'plugins', name);
    if (!existsSync(join(folder, 'package.json'))) continue;
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const entry = about.exports?.['.']?.default ?? about.exports?.['.'] ?? './dist/index.js';
    const { default: definition } = await import(pathToFileURL(join(folder, entry)).href);
    const readme = existsSync(join(folder, 'README.md')) ? `plugins/${name}/README.md` : null;
    plugins.push({ about, definition, readme });
  }
  return plugins;
}

function catalogueOf(plugins) {
  const headings = [{ title: 'Plugins', id: 'plugins' }];
  const list = (label, values) =>
    values.length === 0 ? '' : `<dt>${label}</dt><dd>${values.map((each) => `<code>${escapeHtml(each)}</code>`).join(', ')}</dd>`;
  const parts = plugins.map(({ about, definition, readme }) => {
    const {
      id,
      version,
      requires = {},
      optional = {},
      permissions = {},
      privileges = [],
      routes = [],
      jobs = {},
      points = {},
      ui,
    } = definition;
    headings.push({ title: id, id });
    const link = readme === null ? escapeHtml(about.name) : `<a href="${outputOf(readme)}">${escapeHtml(about.name)}</a>`;
    return `<h2 id="${id}">${id}</h2>
      <p>${escapeHtml(about.description ?? '')}</p>
      <p>${link} ${escapeHtml(version)}, ${escapeHtml(about.license ?? '')}</p>
      <dl>${list(
        'requires',
        Object.entries(requires).map(([other, range]) => `${other} ${range}`),
      )}
      ${list('works with', Object.keys(optional))}
      ${list(
        'opens the points',
        Object.keys(points).map((point) => `${id}.${point}`),
      )}
      ${list(
        'pages',
        (ui?.pages ?? []).map(({ path }) => path),
      )}
      ${list('permissions', Object.keys(permissions))}
      ${list('privileges', privileges)}
      ${list('tables', Object.keys(definition.tables ?? {}))}
      ${list('jobs', Object.keys(jobs))}
      <dt>routes</dt><dd>${routes.length}</dd></dl>`;
  });
  const html = `<h1 id="plugins">Plugins</h1>\n<p>${plugins.length} plugins, as their manifests describe them.</p>\n${parts.join('\n')}`;
  return { source: 'catalogue', output: 'plugins.html', title: 'Plugins', html, entries: entriesOf(html, headings) };
}

function navigation(page, pages) {
  const to = (output) => posix.relative(posix.dirname(page.output), output) || posix.basename(output);
  const item = ({ output, title }) =>
    `<li><a href="${to(output)}"${output === page.output ? ' aria-current="page"' : ''}>${escapeHtml(title)}</a></li>`;
  const groups = Object.entries(sections).map(([title, sources]) => [
    title,
    sources.map((source) => pages.find((each) => each.source === source)),
  ]);
  const ofPlugins = [
    pages.find(({ source }) => source === 'catalogue'),
    ...pages.filter(({ source }) => source.startsWith('plugins/')),
  ];
  return [...groups, ['Plugins', ofPlugins]]
    .map(([title, each]) => `<h2>${escapeHtml(title)}</h2>\n<ul>${each.map(item).join('\n')}</ul>`)
    .join('\n');
}

function documentOf(page, pages) {
  const up = '../'.repeat(page.output.split('/').length - 1);
  const policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(page.title)} – i-Learn</title>
<link rel="stylesheet" href="${up}assets/site.css">
<script defer src="${up}assets/search-index.js"></script>
<script defer src="${up}assets/search.js"></script>
</head>
<body data-root="${up}">
<a class="skip" href="#main">To the text</a>
<header>
<a class="home" href="${up}index.html">i-Learn</a>
<form role="search"><label for="search">Search the documentation</label> <input id="search" type="search" autocomplete="off"></form>
<section id="results" aria-label="Results" hidden><p role="status"></p><ol></ol></section>
</header>
<div class="columns">
<nav aria-label="Pages"><details open><summary>Pages</summary>${navigation(page, pages)}</details></nav>
<main id="main" tabindex="-1">
${page.html}
</main>
</div>
</body>
</html>
`;
}

const css = `@font-face { font-family: Atkinson; src: url(atkinson.woff2) format('woff2'); font-weight: 200 800; font-display: swap; }
:root { color-scheme: light dark; --paper: #fbf9f4; --ink: #23201b; --soft: #5c564c; --rule: #d9d3c7; --link: #0b5a8f; --code: #f0ebe1; }
@media (prefers-color-scheme: dark) { :root { --paper: #1d1b18; --ink: #efeae0; --soft: #b3ab9d; --rule: #45403a; --link: #8cc4f0; --code: #2a2723; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 Atkinson, system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: center; padding: .75rem 1.5rem; border-bottom: 1px solid var(--rule); }
.home { font-weight: 700; font-size: 1.25rem; text-decoration: none; color: var(--ink); }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
input { font: inherit; padding: .35rem .75rem; min-height: 2.75rem; border: 1px solid var(--soft); border-radius: .375rem; background: var(--paper); color: var(--ink); }
#results { flex-basis: 100%; max-height: 60vh; overflow: auto; }
#results li { margin: .5rem 0; }
#results p { margin: 0; }
.columns { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 2.5rem; max-width: 84rem; margin: 0 auto; padding: 1.5rem; }
nav h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .25rem 0; text-decoration: none; }
nav a[aria-current] { font-weight: 700; color: var(--ink); }
nav summary { font-weight: 700; min-height: 2.75rem; }
main { max-width: 52rem; min-width: 0; }
main:focus { outline: none; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; }
code { background: var(--code); padding: .1em .3em; border-radius: .2em; font-size: .9em; overflow-wrap: anywhere; }
pre { background: var(--code); padding: 1rem; overflow: auto; border-radius: .375rem; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--rule); }
dt { color: var(--soft); margin-top: .5rem; }
dd { margin: 0; }
@media (max-width: 50rem) { .columns { grid-template-columns: minmax(0, 1fr); gap: 1rem; padding: 1rem; } }
@media print { nav, header { display: none; } }
`;

/** Runs in the reader's browser. */
const search = `'use strict';
(() => {
  const input = document.getElementById('search');
  const results = document.getElementById('results');
  const [status, list] = [results.querySelector('p'), results.querySelector('ol')];
  const root = document.body.dataset.root;
  const narrow = matchMedia('(max-width: 50rem)');
  if (narrow.matches) document.querySelector('nav details').open = false;
  input.form.addEventListener('submit', (event) => event.preventDefault());
  const score = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      const title = entry.title.toLowerCase();
      const found = (title.split(/[^\\p{L}\\p{N}]+/u).includes(word) ? 12 : title.includes(word) ? 8 : 0) +
        (entry.page.toLowerCase().includes(word) ? 4 : 0) + (entry.text.toLowerCase().includes(word) ? 1 : 0);
      if (found === 0) return 0;
      sum += found;
    }
    return sum;
  };
  const show = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter((word) => word.length > 1);
    results.hidden = words.length === 0;
    list.replaceChildren();
    if (words.length === 0) return;
    const hits = window.searchIndex.map((entry) => [score(entry, words), entry]).filter(([points]) => points > 0);
    hits.sort(([one], [other]) => other - one);
    status.textContent = hits.length === 0 ? 'Nothing found.' : hits.length + ' found' + (hits.length > 20 ? ', the first 20:' : ':');
    for (const [, entry] of hits.slice(0, 20)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = root + entry.at;
      link.textContent = entry.title === entry.page ? entry.title : entry.page + ' › ' + entry.title;
      const at = entry.text.toLowerCase().indexOf(words[0]);
      const text = document.createElement('div');
      text.textContent = (at > 40 ? '… ' : '') + entry.text.slice(Math.max(0, at - 40), Math.max(0, at - 40) + 160);
      item.append(link, text);
      list.append(item);
    }
  };
  input.addEventListener('input', show);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { input.value = ''; show(); }
  });
})();
`;

/** @param {string} folder is emptied first */
export async function writeSite(folder) {
  const { pages } = await readPages();
  rmSync(folder, { recursive: true, force: true });
  const write = (name, text) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const page of pages) write(page.output, documentOf(page, pages));
  const index = pages.flatMap(({ output, title: page, entries }) =>
    entries.map(({ title, id, text }, position) => ({ page, title, at: position === 0 ? output : `${output}#${id}`, text })),
  );
  write('assets/search-index.js', `window.searchIndex = ${JSON.stringify(index).replaceAll('<', '\\u003c')};\n`);
  write('assets/search.js', search);
  write('assets/site.css', css);
  const font = join(
    root,
    'node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  );
  cpSync(font, join(folder, 'assets/atkinson.woff2'));
  cpSync(join(root, 'docs/images'), join(folder, 'docs/images'), { recursive: true });
  return pages;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'site'));
  const inside = relative(folder, root);
  if (inside === '' || !inside.split(sep).includes('..'))
    throw new Error(`${folder} holds this repository, and would be emptied`);
  const pages = await writeSite(folder);
  console.log(`${pages.length} pages: ${join(folder, 'index.html')}`);
}
