import type { Answer } from '@ilearn/core';
import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { academy } from '../../client.js';
import type { enrolmentRoutes } from '../routes.js';

type Loaded = Answer<typeof enrolmentRoutes, 'GET', '/start/approvals'>;

/** Part of a principal's start page: sign-ups that wait for approval. */
@customElement('academy-start-approvals')
export class StartApprovals extends StartPart<Loaded> {
  static override ns = 'academy';

  protected override icon = 'graduation-cap';

  protected override load(signal: AbortSignal) {
    return academy.get('/start/approvals', { signal });
  }

  protected override heading(): string {
    return this.t('team.approvals');
  }

  protected override content({ waiting }: Loaded) {
    if (waiting.length === 0) return nothing;
    return html`<ul class="list">
      ${waiting.map(
        ({ title, name }) => html`<li>
          <a class="row" href="/academie/team"
            ><span class="grow strong">${title}</span><span class="muted">${name ?? this.t('team.later')}</span></a
          >
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-start-approvals': StartApprovals;
  }
}
