import { formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { z } from 'zod';
import { login } from '../client.js';
import type { endingAccount } from './start-routes.js';

type Loaded = { ending: z.output<typeof endingAccount>[]; without: number | null };

/** Part of the start page of those who manage accounts: people without one, and temporary ones that end. */
@customElement('login-start-accounts')
export class StartAccounts extends StartPart<Loaded> {
  static override ns = 'login';

  protected override icon = 'ticket';

  protected override load(signal: AbortSignal) {
    return login.get('/start/accounts', { signal });
  }

  protected override heading(): string {
    return this.t('start.accounts.heading');
  }

  protected override aside() {
    return html`<a href="/tijdelijke-accounts">${this.t('temporary.title')}</a>`;
  }

  protected override content({ ending, without }: Loaded) {
    if (ending.length === 0 && !without) return nothing;
    return html`
      ${without ? html`<p class="strong"><a href="/klassen">${this.t('start.accounts.without', { count: without })}</a></p>` : nothing}
      ${
        ending.length === 0
          ? nothing
          : html`<ul class="list">
            ${ending.map(
              ({ displayName, role, expiresAt }) => html`
                <li>
                  <a class="row" href="/tijdelijke-accounts">
                    <span class="grow"><span class="strong">${displayName}</span> <span class="muted">${this.t(`temporary.roles.${role}`)}</span></span>
                    <span>${this.t('start.accounts.until', { date: formatDate(expiresAt, 'day') })}</span>
                  </a>
                </li>
              `,
            )}
          </ul>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-start-accounts': StartAccounts;
  }
}
