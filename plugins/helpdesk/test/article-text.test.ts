import { expect, test } from 'vitest';
import { audiences } from '../dist/knowledge/audiences.js';
import { renderArticle } from '../dist/knowledge/markdown.js';
import { shippedArticles } from '../dist/knowledge/ship.js';
import { afterAction, articleActions } from '../dist/knowledge/states.js';
import { measuredState } from '../dist/outages/states.js';
import { trigramsOf } from '../dist/text/trigrams.js';
import { hostileTexts } from './support/hostile-texts.js';

test('H21, H22: nothing of a hostile text becomes an element, an attribute or an address that runs', () => {
  const allowed = /^<\/?(?:p|h[2-4]|ul|ol|li|strong|em|s|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|a|img)(?:\s|>|\/)/;
  for (const text of hostileTexts) {
    const html = renderArticle(text);
    for (const [tag] of html.matchAll(/<[^>]*>?/g)) {
      expect(tag, text).toMatch(allowed);
      const attributes = [...tag.matchAll(/\s([a-z:-]+)="([^"]*)"/gi)];
      for (const [, name = '', value = ''] of attributes) {
        expect(['href', 'src', 'alt', 'title', 'start', 'rel', 'loading'], text).toContain(name);
        if (name === 'href') expect(value, text).toMatch(/^(?:https?:|mailto:|\/(?!\/)|#)/);
        if (name === 'src') expect(value, text).toMatch(/^\/api\/helpdesk\/pictures\/[0-9a-f-]{36}$/);
      }
    }
  }
});

test('articles that come with the plugin lead only to articles that their readers may read, and show no raw Markdown', () => {
  const all = new Map(shippedArticles().map((article) => [article.name, article]));
  expect(all.size).toBeGreaterThanOrEqual(20);
  for (const { name, audience, texts } of all.values()) {
    for (const { text } of texts) {
      expect(text.title && text.summary && text.body, name).toBeTruthy();
      for (const [, other = ''] of text.body.matchAll(/\]\(\/hulp\/([a-z-]+)\)/g)) {
        const target = all.get(other);
        expect(target, `${name} leads to ${other}`).toBeDefined();
        if (target)
          expect(audiences.indexOf(target.audience), `${name} leads to ${other}`).toBeLessThanOrEqual(
            audiences.indexOf(audience),
          );
      }
      expect(renderArticle(text.body), name).not.toMatch(/\]\(|\*\*/);
    }
  }
});

test('an article may have headings, lists, tables, links and pictures', () => {
  const picture = '/api/helpdesk/pictures/0b9d5f7e-0000-4000-8000-000000000000';
  const html = renderArticle(
    `## Kop\n\n- een\n- **twee** [site](https://school.be/)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![het scherm](${picture})`,
  );
  expect(html).toContain('<h2>Kop</h2>');
  expect(html).toContain('<a href="https://school.be/" rel="noopener noreferrer">site</a>');
  expect(html).toContain('<th>a</th>');
  expect(html).toContain(`<img src="${picture}" alt="het scherm" loading="lazy">`);
});

test('each action of an article leads from one state to one other', () => {
  const states = ['draft', 'review', 'published', 'archived'] as const;
  for (const [action, { from, to }] of Object.entries(articleActions) as [
    keyof typeof articleActions,
    { from: string; to: string },
  ][]) {
    for (const state of states) {
      if (state === from) expect(afterAction(state, action)).toBe(to);
      else expect(() => afterAction(state, action)).toThrow(/is for a revision that is/);
    }
  }
});

test.each([
  ['too few launches', { launches: 4, failures: 4, schools: 2, failingSchools: 2, medianSeconds: null }, 'works'],
  ['half fail', { launches: 10, failures: 5, schools: 2, failingSchools: 2, medianSeconds: 1 }, 'down'],
  ['some fail', { launches: 20, failures: 3, schools: 2, failingSchools: 2, medianSeconds: 1 }, 'slow'],
  ['few fail', { launches: 100, failures: 5, schools: 2, failingSchools: 2, medianSeconds: 1 }, 'works'],
  ['slow', { launches: 10, failures: 0, schools: 2, failingSchools: 0, medianSeconds: 12 }, 'slow'],
  [
    'all failures in one of several schools',
    { launches: 20, failures: 10, schools: 3, failingSchools: 1, medianSeconds: 1 },
    'works',
  ],
  ['the only school', { launches: 10, failures: 10, schools: 1, failingSchools: 1, medianSeconds: null }, 'down'],
] as const)('the state of a tool by its launches: %s', (_, rates, state) => {
  expect(measuredState(rates)).toBe(state);
});

test('trigrams have neither accents nor capitals', () => {
  expect(trigramsOf('Problèem')).toEqual(trigramsOf('probleem'));
  expect(trigramsOf('ab')).toEqual([]);
});
