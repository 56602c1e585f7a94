import { navigate, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { lastDay } from '../../last-day.js';
import { formStyles } from '../../styles.js';
import { TokenPage } from '../../token-page.js';

/** `/wachtlijst/aanvaarden#<token>`: the offer of a letter, to be accepted. */
@customElement('joining-accept-page')
export class AcceptPage extends TokenPage {
  static override styles = [sharedStyles, formStyles];

  readonly #offer = new Task(this, {
    task: ([token], { signal }) => joining.post('/requests/offer', { body: { token: token || '-' }, signal }),
    args: () => [this.token] as const,
  });

  override render() {
    return html`<div class="page narrow">
      ${this.#offer.render({
        pending: () => html`<il-page-head heading=${this.t('accept.title')}></il-page-head><il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-page-head heading=${this.t('accept.title')}></il-page-head>
          <il-problem .problem=${problem} @retry=${() => this.#offer.run()}></il-problem>`,
        complete: ({ name, schools, offerUntil, state, follow, ...contact }) => html`
          <il-page-head heading=${name}><p>${this.t(`follow.states.${state}`)}</p></il-page-head>
          ${
            state === 'offered'
              ? html`<p>${this.t('accept.until', { until: offerUntil === null ? '' : lastDay(offerUntil) })}</p>
                  <joining-accept-form
                    .token=${this.token}
                    .contact=${contact}
                    .schools=${schools}
                    @joining-accepted=${() => navigate(`/wachtlijst/volgen#${follow}`, { replace: true })}
                  ></joining-accept-form>`
              : html`<p>${this.t(`follow.next.${state}`)}</p>`
          }
          <p><a href="/wachtlijst/volgen#${follow}">${this.t('accept.refuse')}</a></p>
        `,
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-accept-page': AcceptPage;
  }
}
