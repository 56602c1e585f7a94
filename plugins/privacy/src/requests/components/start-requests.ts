import { formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../../client.js';

interface Counts {
  open: number;
  overdue: number;
  nextDue: string | null;
  incidents: { open: number; dueAt: string | null };
}

/** Part of the start page of those who answer requests: how many are open, with the next deadline, and incidents. No names. */
@customElement('privacy-start-requests')
export class StartRequests extends StartPart<Counts> {
  static override ns = 'privacy';

  protected override icon = 'shield-check';

  protected override load(signal: AbortSignal) {
    return privacy.get('/start/requests', { signal });
  }

  protected override heading(): string {
    return this.t('start.requests.heading');
  }

  protected override content({ open, overdue, nextDue, incidents }: Counts) {
    if (open + incidents.open === 0) return nothing;
    return html`
      <ul class="list">
        ${incidents.open === 0 ? nothing : this.#incidents(incidents)}
        <li ?hidden=${open === 0}>
          <a class="row" href="/beheer/privacy/verzoeken">
            <span class="grow strong">${this.t('start.requests.open', { count: open })}</span>
            ${
              overdue > 0
                ? html`<span class="bad strong">${this.t('start.requests.overdue', { count: overdue })}</span>`
                : nextDue === null
                  ? nothing
                  : html`<span class="muted">${this.t('start.requests.next', { date: formatDate(nextDue, 'short') })}</span>`
            }
          </a>
        </li>
      </ul>
    `;
  }

  #incidents({ open, dueAt }: Counts['incidents']) {
    return html`<li>
      <a class="row" href="/beheer/privacy/incidenten">
        <span class="grow strong">${this.t('start.requests.incidents', { count: open })}</span>
        <span class="bad strong">${this.t('start.requests.notifyBy', { date: formatDate(dueAt, 'time') })}</span>
      </a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-start-requests': StartRequests;
  }
}
