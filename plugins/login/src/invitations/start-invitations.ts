import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { z } from 'zod';
import { login } from '../client.js';
import type { openInvitations } from './start-routes.js';

type Loaded = { providers: z.output<typeof openInvitations>[] };

/** Part of the start page of those who manage a provider: invitations that nobody accepted yet. */
@customElement('login-start-invitations')
export class StartInvitations extends StartPart<Loaded> {
  static override ns = 'login';

  protected override icon = 'mail';

  protected override load(signal: AbortSignal) {
    return login.get('/start/invitations', { signal });
  }

  protected override heading(): string {
    return this.t('start.invitations.heading');
  }

  protected override content({ providers }: Loaded) {
    if (providers.length === 0) return nothing;
    return html`
      <ul class="list">
        ${providers.map(
          ({ provider, name, open, expired }) => html`
            <li>
              <a class="row" href="/aanbieders/${provider}">
                <span class="grow strong">${name}</span>
                ${open > 0 ? html`<span>${this.t('start.invitations.open', { count: open })}</span>` : nothing}
                ${expired > 0 ? html`<span class="warn">${this.t('start.invitations.expired', { count: expired })}</span>` : nothing}
              </a>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-start-invitations': StartInvitations;
  }
}
