import { formatDate, navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { RequestLine } from '../desk-routes.js';
import './record-dialog.js';
import { dueMark, dueStyles } from './request-mark.js';

/** `/beheer/privacy/verzoeken`: all requests with their deadlines, those that are overdue first. */
@customElement('privacy-requests-page')
export class RequestsPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    dueStyles,
    css`
      @media (max-width: 40rem) {
        .row {
          display: grid;
          gap: var(--il-space-1);
        }
      }
    `,
  ];

  @state() private shown: 'open' | 'closed' = 'open';
  @state() private recording = false;

  readonly #requests = new Task(this, {
    task: ([state], { signal }) => privacy.get('/requests', { query: { state }, signal }),
    args: () => [this.shown] as const,
  });

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('requests.title')} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
          <p>${this.t('requests.intro')}</p>
          <wa-button slot="actions" variant="brand" @click=${() => this.#record(true)}>
            <il-icon slot="start" name="plus"></il-icon>${this.t('requests.record')}
          </wa-button>
        </il-page-head>
        <wa-radio-group
          orientation="horizontal"
          label=${this.t('requests.show')}
          .value=${this.shown}
          @change=${(event: Event) => this.#show((event.target as HTMLInputElement).value as 'open' | 'closed')}
        >
          <wa-radio appearance="button" value="open">${this.t('requests.openOnes')}</wa-radio>
          <wa-radio appearance="button" value="closed">${this.t('requests.closedOnes')}</wa-radio>
        </wa-radio-group>
        ${this.#requests.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#requests.run()}></il-problem>`,
          complete: (list) => this.#list(list),
        })}
        ${
          this.recording
            ? html`<privacy-record-dialog
                @il-close=${() => this.#record(false)}
                @privacy-recorded=${({ detail }: CustomEvent<{ id: string }>) => navigate(`/beheer/privacy/verzoeken/${detail.id}`)}
              ></privacy-record-dialog>`
            : nothing
        }
      </div>
    `;
  }

  #record(open: boolean): void {
    this.recording = open;
  }

  #show(state: 'open' | 'closed'): void {
    this.shown = state;
  }

  #list({ requests, more }: { requests: readonly RequestLine[]; more: boolean }) {
    if (requests.length === 0) {
      return html`<il-empty
        icon="shield-check"
        heading=${this.t(this.shown === 'open' ? 'requests.noneOpen' : 'requests.noneClosed')}
        text=${this.t('requests.noneText')}
      ></il-empty>`;
    }
    return html`
      <ul class="list">
        ${requests.map(
          (each) => html`<li>
            <a class="row" href="/beheer/privacy/verzoeken/${each.id}">
              <span class="grow">
                <span class="strong">${this.t(`requests.kinds.${each.kind}`)}</span> · ${each.name ?? this.t('requests.erased')}<br />
                <span class="small muted">
                  ${[
                    this.t('requests.number', { number: each.number }),
                    this.t(`requests.askedBy.${each.askedBy}`),
                    each.school ?? this.t('requests.operator'),
                    this.t('requests.receivedOn', { date: formatDate(each.receivedOn, 'short') }),
                  ].join(' · ')}
                </span>
              </span>
              <span>${this.t(`requests.states.${each.state}`)}</span>
              ${this.shown === 'open' ? dueMark(each, (key, options) => this.t(key, options)) : nothing}
            </a>
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${requests.length}></il-truncated>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-requests-page': RequestsPage;
  }
}
