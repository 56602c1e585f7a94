import { confirmDialog, notify, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { lastDay } from '../../last-day.js';
import { formStyles } from '../../styles.js';
import { TokenPage } from '../../token-page.js';

type Followed = Awaited<ReturnType<typeof look>>;

const look = (token: string, signal?: AbortSignal) =>
  joining.post('/requests/look', { body: { token: token || '-' }, ...(signal === undefined ? {} : { signal }) });

/** `/wachtlijst/volgen#<token>`: how a request stands, and what comes next. An offer is accepted by the link in its letter. */
@customElement('joining-follow-page')
export class FollowPage extends TokenPage {
  static override styles = [
    sharedStyles,
    formStyles,
    css`
      .place {
        font-size: var(--il-text-xl);
        font-weight: 720;
        line-height: 1.2;
      }
    `,
  ];

  @state() private problem: unknown;

  readonly #request = new Task(this, {
    task: ([token], { signal }) => look(token, signal),
    args: () => [this.token] as const,
  });

  override render() {
    return html`<div class="page narrow">
      ${this.#request.render({
        pending: () => html`<il-page-head heading=${this.t('follow.title')}></il-page-head><il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-page-head heading=${this.t('follow.title')}></il-page-head>
          <il-problem .problem=${problem} @retry=${() => this.#request.run()}></il-problem>`,
        complete: (request) => this.#found(request),
      })}
    </div>`;
  }

  #found({ state: stands, name, kind, schools, position, offerUntil, reason, ...contact }: Followed) {
    const facts = { email: contact.email, position: position ?? 0 };
    const until = offerUntil === null ? '' : lastDay(offerUntil);
    return html`
      <il-page-head heading=${name}>
        <p>${kind === 'group' ? this.t('follow.schools', { count: schools.length }) : this.t('follow.number', { number: schools[0]?.number ?? '' })}</p>
      </il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      <section class="stack" aria-live="polite">
        <p class="place">${this.t(`follow.states.${stands}`, facts)}</p>
        <p>${this.t(`follow.next.${stands}`, { ...facts, until })}</p>
        ${reason === null ? nothing : html`<blockquote class="quote">${reason}</blockquote>`}
      </section>
      ${
        stands === 'joining'
          ? html`<div class="actions">
              <wa-button appearance="outlined" @click=${this.#inviteAgain}>${this.t('follow.inviteAgain')}</wa-button>
              <wa-button variant="brand" href="/aanmelden?terug=/aansluiten">${this.t('follow.signIn')}</wa-button>
            </div>`
          : nothing
      }
      ${
        stands === 'waiting' || stands === 'offered'
          ? html`<div class="actions">
              <wa-button appearance="outlined" @click=${() => this.#withdraw(stands)}>${this.t(`follow.withdraw.${stands}`)}</wa-button>
            </div>`
          : nothing
      }
    `;
  }

  async #withdraw(stands: 'waiting' | 'offered'): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('follow.withdraw.title'),
      text: this.t('follow.withdraw.text'),
      confirm: this.t(`follow.withdraw.${stands}`),
      danger: true,
    });
    if (sure) await this.#do(() => joining.post('/requests/withdraw', { body: { token: this.token } }));
  }

  async #inviteAgain(): Promise<void> {
    await this.#do(async () => {
      await joining.post('/requests/invite-again', { body: { token: this.token } });
      notify({ kind: 'success', text: this.t('follow.invited') });
    });
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.problem = undefined;
    try {
      await act();
      await this.#request.run();
    } catch (problem) {
      this.problem = problem;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-follow-page': FollowPage;
  }
}
