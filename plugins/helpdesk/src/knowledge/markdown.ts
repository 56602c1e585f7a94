import MarkdownIt from 'markdown-it';

/** Address of a picture of an article; the only pictures that are shown. */
const picture = /^\/api\/helpdesk\/pictures\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;
/** Other sites by https or http, e-mail addresses, and places in the portal. */
const link = /^(?:https?:\/\/[^\s]+|mailto:[^\s]+|\/(?![/\\])[^\s]*|#[^\s]*)$/i;

/** Elements and their attributes that an article may have; `renderArticle` writes no others. */
const allowed: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    [
      'p',
      'h2',
      'h3',
      'h4',
      'ul',
      'li',
      'strong',
      'em',
      's',
      'code',
      'pre',
      'blockquote',
      'hr',
      'br',
      'table',
      'thead',
      'tbody',
      'tr',
    ].map((tag) => [tag, []]),
  ),
  ol: ['start'],
  th: [],
  td: [],
  a: ['href', 'title'],
  img: ['src', 'alt', 'title'],
};

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: false });
markdown.validateLink = (address) => picture.test(address) || link.test(address);
// The title of the page is its only first heading.
markdown.core.ruler.push('limit', ({ tokens }) => {
  for (const token of tokens.flatMap((each) => [each, ...(each.children ?? [])])) {
    if (/^h[1-6]$/.test(token.tag)) token.tag = `h${Math.min(Math.max(Number(token.tag[1]), 2), 4)}`;
    if (token.tag !== '' && !Object.hasOwn(allowed, token.tag)) {
      token.type = 'text';
      token.tag = '';
    }
    token.attrs = (token.attrs ?? []).filter(([name]) => allowed[token.tag]?.includes(name));
  }
});
const text = markdown.utils.escapeHtml;
// A fence's language would become a class.
markdown.renderer.rules['fence'] = (tokens, at) => `<pre><code>${text(tokens[at]?.content ?? '')}</code></pre>\n`;
markdown.renderer.rules['image'] = (tokens, at, options, environment, self) => {
  const token = tokens[at];
  const words = self.renderInlineAsText(token?.children ?? [], options, environment);
  const address = token?.attrGet('src') ?? '';
  return picture.test(address) ? `<img src="${text(address)}" alt="${text(words)}" loading="lazy">` : text(words);
};
markdown.renderer.rules['link_open'] = (tokens, at) => {
  const address = tokens[at]?.attrGet('href') ?? '';
  return `<a href="${text(address)}"${/^https?:/i.test(address) ? ' rel="noopener noreferrer"' : ''}>`;
};

/**
 * An article's Markdown as HTML: written from tokens by a list of elements and attributes, never copied from the text. Raw HTML is shown as
 * text, and links and pictures to other places than those of an article are not made.
 */
export const renderArticle = (source: string): string => markdown.render(source);

/** Ids of the pictures that a text shows. */
export const picturesIn = (source: string): string[] => [
  ...new Set([...source.matchAll(/\/api\/helpdesk\/pictures\/([0-9a-f-]{36})/g)].map(([, id]) => id as string)),
];
