import { type Language, languages, messagesAt, type Route } from '@ilearn/core';
import { z } from 'zod';

/** Time limit of a source, in milliseconds. */
export const mostMilliseconds = 5_000;

/** Shortest and longest question, in characters. */
export const shortest = 2;
export const longest = 100;

/** Most results that a source is asked for. */
export const mostResults = 20;

/** An answer of a source, to see whether its route declares one like this. */
const sampleAnswer = { results: [{ title: 'x', detail: 'x', place: '/x' }], more: false };

/** What is wrong with a route as a source. */
function* faultsOf({ method, path, permission, query, responses, timeoutMs = 30_000 }: Route): Generator<string> {
  if (method !== 'GET') yield `must be a GET route, which changes nothing; this is a ${method}`;
  if (path.includes(':')) yield `must have a path without parameters; this is ${path}`;
  if (permission === 'public') yield 'must not be public';
  if (timeoutMs > mostMilliseconds) yield `must have a time limit: timeoutMs: ${mostMilliseconds} or less`;
  const questions = [
    { q: 'x'.repeat(shortest), limit: String(mostResults) },
    { q: 'x'.repeat(longest), limit: '1' },
  ];
  if (query === undefined || !questions.every((question) => query.safeParse(question).success))
    yield `must take the query q, a text of ${shortest} to ${longest} characters, and limit, a number of 1 to ${mostResults}`;
  const answer = responses[200];
  const schema = answer instanceof z.ZodType ? answer : answer?.schema;
  if (schema === undefined || !schema.safeParse(sampleAnswer).success)
    yield 'must answer { results: { title, detail, place }[], more }';
}

const route = z.custom<Route>(
  (value) => typeof value === 'object' && value !== null && 'handler' in value && 'responses' in value,
  'must be a route of the plugin, made with routeFor',
);

/**
 * One contribution to the point `search.sources`: a kind of things that people can find. Its route finds them; it runs like any other route
 * of the contributing plugin, with the rights of whoever searches. The texts are read when the portal starts, so that a missing one is a
 * fault of that plugin.
 */
export const sourceContribution = z
  .strictObject({
    /** Lower-case words joined by hyphens: `people`. */
    kind: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
    /** Folder with the plugin's `nl.json`, `en.json` and `fr.json`: `new URL('../messages/', import.meta.url)`. */
    messages: z.instanceof(URL),
    /** Key of the heading above the results. */
    label: z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be the key of a message'),
    /** Name of an icon: docs/ui.md. */
    icon: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the name of an icon'),
    /** Sources are shown in ascending order. */
    order: z.int().min(0).max(1_000).default(100),
    /**
     * A GET route of the plugin, also listed in its `routes`. It takes `q`, the text to find, and `limit`, the greatest number of results, and
     * answers `{ results: [{ title, detail, place }], more }`. `detail` is a second line, or null. `place` is the path of a page of the portal
     * that the reader may open. `more` says that there are further results.
     */
    route: route.superRefine((given, { addIssue }) => {
      for (const message of faultsOf(given)) addIssue({ code: 'custom', message });
    }),
  })
  .transform(({ messages, label, route: { path, permission }, ...source }, { addIssue }) => ({
    ...source,
    path,
    permission,
    labels: labelsIn(messages, label, (message) => addIssue({ code: 'custom', path: ['label'], message })),
  }));

/** A message of the plugin in each language. */
export function labelsIn(folder: URL, key: string, report: (fault: string) => void): Record<Language, string> {
  const labels = messagesAt(folder, key, report);
  for (const language of languages) {
    const label = labels[language];
    if (typeof label !== 'string' || label.trim() === '') report(`${key} is missing in ${language}.json`);
  }
  return labels as Record<Language, string>;
}
