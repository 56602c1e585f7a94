import type { Answer } from '@ilearn/core';
import { helpdesk } from '../../client.js';
import type { outagesRoutes } from '../routes.js';

export type Notice = Answer<typeof outagesRoutes, 'GET', '/outages/notices'>['notices'][number];

/** Milliseconds for which an answer holds, and within which questions of one page go together. */
const keptMs = 30_000;
const togetherMs = 30;
const mostAtOnce = 300;

let all: { at: number; notices: Promise<Notice[]> } | undefined;

/** What there is to know now, asked for once in a while. */
function current(): Promise<Notice[]> {
  if (all === undefined || performance.now() - all.at > keptMs) {
    const notices = helpdesk.get('/outages/notices').then((answer) => answer.notices);
    all = { at: performance.now(), notices };
    notices.catch(() => {
      all = undefined;
    });
  }
  return all.notices;
}

/** What there is to know of a tool. */
export const noticesOfTool = async (tool: string): Promise<Notice[]> =>
  (await current()).filter(({ tools }) => tools.includes(tool));

interface Question {
  activities: readonly string[];
  resolve(notices: Notice[]): void;
}

let waiting: Question[] = [];

/** What there is to know of the tools of activities. While all tools work nothing more is asked; else once for all elements of a page. */
export async function noticesOfActivities(activities: readonly string[]): Promise<Notice[]> {
  if (activities.length === 0 || (await current()).length === 0) return [];
  return new Promise((resolve) => {
    waiting.push({ activities, resolve });
    if (waiting.length === 1) setTimeout(() => void askTogether(), togetherMs);
  });
}

async function askTogether(): Promise<void> {
  const asked = waiting;
  waiting = [];
  const activity = [...new Set(asked.flatMap(({ activities }) => activities))].slice(0, mostAtOnce);
  let notices: Notice[] = [];
  try {
    notices = (await helpdesk.get('/outages/notices', { query: { activity } })).notices;
  } catch {
    // A banner that cannot be loaded must not disturb the page on which it stands.
  }
  for (const { activities, resolve } of asked) {
    resolve(notices.filter((notice) => notice.activities.some((id) => activities.includes(id))));
  }
}
