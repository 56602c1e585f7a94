import { knownText, loadMessages, translate } from './i18n.js';

/** A problem in the reader's language: what happened, and what to do. */
export interface ProblemWords {
  title: string;
  detail: string | undefined;
}

const keyOfStatus: Record<number, string> = {
  400: 'invalid',
  401: 'signedOut',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  423: 'restricted',
  429: 'tooMany',
  503: 'unavailable',
};

const keyOfType: Record<string, string> = { '/problems/sign-in-again': 'signInAgain' };

/** Plugin and slug of a plugin's type of problem. */
const ownTypeOf = (type: string): string[] => /\/problems\/([^/]+)\/([^/]+)$/.exec(type)?.slice(1) ?? [];

/** Loads the words for a plugin's type of problem. Without them, there is a general text for the status. */
export async function loadWordsOf(type: unknown): Promise<void> {
  const [plugin] = ownTypeOf(String(type));
  if (plugin !== undefined) await loadMessages([`${plugin}:problems`]).catch(() => {});
}

/**
 * Words for an answer of the server, whose own sentences are in English, for developers: the text of the problem's type in the messages of
 * its plugin (`problems.<slug>`), otherwise a general one for the status.
 *
 * @param type `/problems/<plugin>/<slug>`, or `/problems/<slug>` of the kernel
 * @param method of the request: after reading nothing can be lost, so nothing is said about it
 */
export function wordsOfAnswer({ status, type, method }: { status: number; type: string; method: string }): ProblemWords {
  const [plugin, slug] = ownTypeOf(type);
  const text = plugin === undefined ? undefined : knownText(plugin, `problems.${slug}`);
  if (text !== undefined) return { title: text, detail: undefined };
  const server = method === 'GET' ? 'serverReading' : 'server';
  const key = keyOfType[type] ?? keyOfStatus[status] ?? (status >= 500 ? server : 'unexpected');
  return { title: translate('ui', `problem.${key}`), detail: translate('ui', `problem.${key}Detail`) };
}
