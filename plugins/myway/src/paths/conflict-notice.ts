import type { PortalElement } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { conflictsOf } from './conflicts.js';
import type { Draft } from './draft.js';
import type { PathDetail } from './model.js';

/** What a colleague and this draft both changed, and the choice between them. */
export function conflictNotice(
  page: PortalElement,
  { draft, path, problem }: { draft: Draft; path: PathDetail; problem: unknown },
  { takeTheirs, keepMine }: { takeTheirs: () => void; keepMine: () => void },
) {
  const names = conflictsOf(problem).map((conflict) => {
    if (!('key' in conflict)) return page.t(`team.conflict.${conflict.what}`);
    const step =
      draft.steps.find(({ key, id }) => (id ?? key) === conflict.key) ?? path.steps.find(({ id }) => id === conflict.key);
    const block = draft.blocks.find(({ id }) => id === conflict.key);
    return step?.title || step?.shownTitle || block?.title || page.t(`team.conflict.${conflict.what}`);
  });
  return html`
    <div class="conflict" role="alert">
      <p class="strong">${page.t('problems.path-changed')}</p>
      ${names.length > 0 ? html`<p>${page.t('team.both')}</p><ul>${names.map((name) => html`<li>${name}</li>`)}</ul>` : nothing}
      <p>${page.t('builder.conflictText')}</p>
      <div class="actions">
        <wa-button appearance="outlined" @click=${takeTheirs}>${page.t('builder.takeTheirs')}</wa-button>
        <wa-button appearance="outlined" @click=${keepMine}>${page.t('builder.keepMine')}</wa-button>
      </div>
    </div>
  `;
}
