import type { Answer } from '@ilearn/core';
import type { ProviderSlotContext } from '@ilearn/plugin-directory';
import { confirmDialog, formatDate, LiveController, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { login } from '../client.js';
import type { invitationRoutes } from './routes.js';

type Invitation = Answer<typeof invitationRoutes, 'GET', '/invitations'>['invitations'][number];

/** Slot `directory.provider-content`: the invitations of the people of a provider. */
@customElement('login-provider-invitations')
export class ProviderInvitations extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    css`
      .row {
        flex-wrap: wrap;
      }
      .row > .grow {
        flex-basis: 14rem;
      }
    `,
  ];

  @property({ attribute: false }) context: ProviderSlotContext | undefined;

  #invitations = new Task(this, {
    task: async ([provider], { signal }) =>
      provider === undefined ? [] : (await login.get('/invitations', { query: { provider }, signal })).invitations,
    args: () => [this.context?.id] as const,
  });

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.context === undefined ? [] : [['login.invitations', { provider: this.context.id }]]),
      () => this.#invitations.run(),
    );
  }

  override render() {
    const known = this.#invitations.value ?? [];
    return this.#invitations.render({
      pending: () => this.#list(known),
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#invitations.run()}></il-problem>`,
      complete: (invitations) => this.#list(invitations),
    });
  }

  #list(invitations: readonly Invitation[]) {
    if (invitations.length === 0) return '';
    return html`<section class="stack">
      <h2 tabindex="-1">${this.t('invitations.title')}</h2>
      <p class="muted">${this.t('invitations.text')}</p>
      <ul class="list" aria-label=${this.t('invitations.title')}>
        ${invitations.map((invitation) => this.#row(invitation))}
      </ul>
    </section>`;
  }

  #row({ person, name, state, expiresAt }: Invitation) {
    const open = state !== 'accepted';
    const whom = html`<span class="visually-hidden"> – ${name}</span>`;
    return html`<li class="row">
      <span class="grow">
        <span class="strong">${name}</span><br />
        <span class="muted">${this.t(`invitations.states.${state}`, { date: expiresAt === null ? '' : formatDate(expiresAt, 'time') })}</span>
      </span>
      ${
        open
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#again(person, name)}>
              ${this.t(state === 'none' ? 'invitations.invite' : 'invitations.again')}${whom}
            </wa-button>`
          : ''
      }
      ${
        open && !['withdrawn', 'expired', 'none'].includes(state)
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#withdraw(person, name)}>
              ${this.t('invitations.withdraw')}${whom}
            </wa-button>`
          : ''
      }
    </li>`;
  }

  async #again(person: string, name: string): Promise<void> {
    await this.#do(
      () => login.post('/invitations/:person/again', { params: { person } }),
      this.t('invitations.sentAgain', { name }),
    );
  }

  async #withdraw(person: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('invitations.withdrawTitle', { name }),
      text: this.t('invitations.withdrawText'),
      confirm: this.t('invitations.withdraw'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(() => login.delete('/invitations/:person', { params: { person } }), this.t('invitations.withdrawn', { name }));
  }

  async #do(call: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await call();
      notify({ kind: 'success', text: done });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#invitations.run();
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-provider-invitations': ProviderInvitations;
  }
}
