import { clean, html } from '../documents/html.js';
import { translator } from '../documents/messages.js';
import { documentPage } from '../documents/page.js';
import type { ReadArticle } from './article-reader.js';
import type { FoundArticle } from './article-search.js';
import { renderArticle } from './markdown.js';
import { type ArticleTopic, articleTopics } from './topics.js';

interface Reader {
  language: string;
  signedIn: boolean;
  privacyPath: string | undefined;
}

/** `/hulp`: what the reader may read, by topic, after what is about the page from which they come; or what was found. */
export function listPage(
  { language, ...reader }: Reader,
  {
    q,
    found,
    more,
    about,
    topic: from,
  }: { q: string; found: FoundArticle[]; more: boolean; about: FoundArticle[]; topic: ArticleTopic | null },
) {
  const t = translator(language);
  const entry = ({ slug, title, summary, language: own, audience }: FoundArticle) => html`<li>
<a href="/hulp/${slug}?taal=${language}"${own === language ? '' : clean(` lang="${own}"`)}>${title}</a>
${audience === 'public' ? '' : html` <span class="soft">${t(`knowledge.audience.${audience}`)}</span>`}
<p class="soft"${own === language ? '' : clean(` lang="${own}"`)}>${summary}</p></li>`;
  const list = (entries: FoundArticle[]) => html`<ul class="list">${entries.map(entry)}</ul>`;
  const byTopic = articleTopics.flatMap((topic) => {
    const entries = found.filter((each) => each.topic === topic);
    return entries.length === 0 ? [] : [html`<h2>${t(`knowledge.topic.${topic}`)}</h2>${list(entries)}`];
  });
  // Nothing from the address: anybody may write one.
  const heading =
    from === null ? t('knowledge.reader.aboutPage') : t('knowledge.reader.about', { topic: t(`knowledge.topic.${from}`) });
  const aboutPage = about.length === 0 ? '' : html`<h2>${heading}</h2>${list(about)}`;
  const results =
    found.length === 0
      ? html`<p role="status">${t('knowledge.reader.none', { q })}</p><p>${t('knowledge.reader.noneHint')} <a href="/hulp?taal=${language}">${t('knowledge.reader.all')}</a></p>`
      : html`<h2 role="status">${t('knowledge.reader.found', { count: found.length, q })}</h2>${list(found)}`;
  const content = html`<h1>${t('knowledge.reader.title')}</h1>
<form class="search" role="search" action="/hulp" method="get"><input type="hidden" name="taal" value="${language}">
<label>${t('knowledge.reader.search')}<input type="search" name="q" value="${q}" maxlength="100" autocomplete="off"></label>
<button>${t('knowledge.reader.find')}</button></form>
${aboutPage}
${q === '' ? byTopic : results}
${more ? html`<p class="soft">${t('knowledge.reader.more')}</p>` : ''}
<p><a href="${reader.signedIn ? '/helpdesk/vraag' : '/helpdesk/contact'}">${t('knowledge.reader.ask')}</a></p>`;
  return documentPage({ language, ...reader, path: '/hulp', title: t('knowledge.reader.title'), content });
}

/** `/hulp/:slug`: one article. */
export function articlePage({ language, ...reader }: Reader, article: ReadArticle, thanked: boolean) {
  const t = translator(language);
  const { slug, title, summary, body, language: own, published_at } = article;
  const date = published_at === null ? '' : new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long' }).format(published_at);
  const vote = (helped: 'yes' | 'no') =>
    html`<button name="helped" value="${helped}">${t(`knowledge.reader.${helped}`)}</button>`;
  const asked = thanked
    ? html`<div class="did" role="status"><p>${t('knowledge.reader.thanks')}</p></div>`
    : html`<form class="did" method="post" action="/api/helpdesk/reader/${slug}/votes?taal=${language}">
<p id="did">${t('knowledge.reader.did')}</p>${vote('yes')}${vote('no')}</form>`;
  const content = html`<p><a href="/hulp?taal=${language}">${t('knowledge.reader.all')}</a></p>
${own === language ? '' : html`<p class="soft">${t('knowledge.reader.otherLanguage')}</p>`}
<article lang="${own}"><h1>${title}</h1>${summary === '' ? '' : html`<p class="lead">${summary}</p>`}
${clean(renderArticle(body))}</article>
${date === '' ? '' : html`<p class="soft">${t('knowledge.reader.published', { date })}</p>`}
${asked}
<p><a href="${reader.signedIn ? '/helpdesk/vraag' : '/helpdesk/contact'}">${t('knowledge.reader.ask')}</a></p>`;
  return documentPage({ language, ...reader, path: `/hulp/${slug}`, title, content });
}

/** The same for an article that is not there, or not for this reader. */
export function missingPage({ language, ...reader }: Reader) {
  const t = translator(language);
  const content = html`<h1>${t('knowledge.reader.missing')}</h1><p>${t('knowledge.reader.missingHint')}</p>
<p><a href="/hulp?taal=${language}">${t('knowledge.reader.all')}</a></p>`;
  return documentPage({ status: 404, language, ...reader, path: '/hulp', title: t('knowledge.reader.missing'), content });
}

/** In place of what was found, when too many searches came from one address. */
export function busyPage({ language, ...reader }: Reader) {
  const t = translator(language);
  const content = html`<h1>${t('knowledge.reader.busy')}</h1><p>${t('knowledge.reader.busyHint')}</p>
<p><a href="/hulp?taal=${language}">${t('knowledge.reader.all')}</a></p>`;
  return documentPage({ status: 429, language, ...reader, path: '/hulp', title: t('knowledge.reader.busy'), content });
}
