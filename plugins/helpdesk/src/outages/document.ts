import { html } from '../documents/html.js';
import { translator } from '../documents/messages.js';
import { documentPage } from '../documents/page.js';
import type { Notice, Outage } from './outages.js';
import type { BoardTool } from './tool-board.js';

const recentDays = 14;

/** `/status`: the tools, what is the matter with them, and what was. The texts for everyone, and no numbers. */
export function statusPage(
  { language, signedIn, privacyPath, now }: { language: string; signedIn: boolean; privacyPath: string | undefined; now: Date },
  tools: readonly BoardTool[],
  notices: readonly Notice[],
  outages: readonly Pick<Outage, 'tools' | 'publicText' | 'startedAt' | 'endedAt'>[],
) {
  const t = translator(language);
  const moment = new Intl.DateTimeFormat(`${language}-BE`, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Europe/Brussels',
  });
  const nameOf = new Map(tools.map(({ key, name }) => [key, name]));
  const since = now.getTime() - recentDays * 86_400_000;
  const ended = outages.filter(({ endedAt }) => endedAt !== null && endedAt.getTime() > since);
  const current = notices.map(
    ({
      names,
      severity,
      text,
      since: start,
    }) => html`<section class="note ${severity}"><h2>${t(`outages.notice.${severity}`, { tools: names.join(', ') })}</h2>
${text === '' ? '' : html`<p>${text}</p>`}<p class="soft">${t('outages.since', { at: moment.format(start) })}</p></section>`,
  );
  const content = html`<h1>${t('outages.status.title')}</h1>
${notices.length === 0 ? html`<p class="lead">${t('outages.status.fine')}</p>` : current}
${
  tools.length === 0
    ? ''
    : html`<h2>${t('outages.status.tools')}</h2><table><thead><tr><th scope="col">${t('outages.tool')}</th><th scope="col">${t('outages.state')}</th></tr></thead>
<tbody>${tools.map(({ name, state }) => html`<tr><td>${name}</td><td class="state ${state}">${t(`outages.states.${state}`)}</td></tr>`)}</tbody></table>`
}
<h2>${t('outages.status.recent')}</h2>
${
  ended.length === 0
    ? html`<p>${t('outages.status.noRecent')}</p>`
    : html`<ul class="list">${ended.map(
        ({
          tools: keys,
          publicText,
          startedAt,
          endedAt,
        }) => html`<li><strong>${keys.map((key) => nameOf.get(key) ?? key).join(', ')}</strong>
<p>${publicText}</p><p class="soft">${moment.format(startedAt)} – ${endedAt === null ? '' : moment.format(endedAt)}</p></li>`,
      )}</ul>`
}
<p class="soft">${t('outages.status.measured')}</p>`;
  return documentPage({ language, signedIn, privacyPath, path: '/status', title: t('outages.status.title'), content });
}
