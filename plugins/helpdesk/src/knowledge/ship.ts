import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { ArticleText } from './articles.js';
import { audiences } from './audiences.js';
import { articleTopics } from './topics.js';

const folder = new URL('../../articles/', import.meta.url);
const languages = ['nl', 'en', 'fr'] as const;

const list = z.array(
  z.strictObject({
    /** Of the file, and of its address: `aanmelden`. */
    name: z.string(),
    audience: z.enum(audiences),
    topic: z.enum(articleTopics),
  }),
);

export interface ShippedArticle extends z.output<typeof list.element> {
  texts: { language: (typeof languages)[number]; text: ArticleText }[];
}

/** The articles that come with the plugin: `articles.json`, and a file for each language with title, summary and text. */
export function shippedArticles(): ShippedArticle[] {
  return list.parse(JSON.parse(readFileSync(new URL('articles.json', folder), 'utf8'))).map((article) => ({
    ...article,
    texts: languages.flatMap((language) => {
      const file = new URL(`${language}/${article.name}.md`, folder);
      return existsSync(file) ? [{ language, text: readText(readFileSync(file, 'utf8'), `${language}/${article.name}.md`) }] : [];
    }),
  }));
}

/** `# Title`, a paragraph with the summary, and the rest. */
function readText(file: string, name: string): ArticleText {
  const [heading = '', summary = '', ...rest] = file.split(/\r?\n\r?\n/);
  if (!heading.startsWith('# ')) throw new Error(`the article ${name} must begin with "# " and its title`);
  return { title: heading.slice(2).trim(), summary: summary.replace(/\s+/g, ' ').trim(), body: rest.join('\n\n').trim() };
}

/**
 * Publishes the articles of the plugin that this portal never had. What is there is left as it is: it may have been changed, or archived on
 * purpose.
 */
export async function shipArticles({ articles, knex, locks }: Cradle): Promise<void> {
  await locks.take('shipped-articles');
  const known = new Set(await knex('articles').whereNotNull('shipped').limit(1_000).pluck('shipped'));
  for (const { name, audience, topic, texts } of shippedArticles()) {
    const [first, ...others] = texts;
    if (known.has(name) || first === undefined) continue;
    const { id } = await articles.create({ audience, topic, tools: [], reviewBy: null }, first.language, first.text, name);
    for (const { language, text } of others) await articles.saveDraft(id, language, text, null);
    for (const { language } of texts) {
      await articles.act(id, language, 'submit', false);
      await articles.act(id, language, 'publish', true);
    }
  }
}
