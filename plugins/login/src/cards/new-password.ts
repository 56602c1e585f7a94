import type { SlotContext } from '@ilearn/core';
import { ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SignInDetails } from '../accounts/passwords.js';
import { login } from '../client.js';
import './sign-in-card.js';

/** In the slot `directory.person`: gives the person a new password, or an account if they have none. Shows it once. */
@customElement('login-new-password')
export class NewPassword extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      login-card {
        max-width: 28rem;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.person'> | undefined;

  @state() private open = false;
  @state() private busy = false;
  @state() private problem: unknown;
  @state() private made: SignInDetails | undefined;

  readonly #account = new Task(this, {
    task: async ([id], { signal }) =>
      id === undefined ? undefined : login.get('/people/:id/account', { params: { id }, signal }),
    args: () => [this.context?.id] as const,
  });

  override render() {
    const { value } = this.#account;
    if (!value?.may) return nothing;
    const { may, username } = value;
    const name = this.context?.givenName ?? '';
    return html`
      <wa-button appearance="outlined" @click=${this.#show}>
        <il-icon slot="start" name="key-round"></il-icon>${this.t(`cards.person.${may}`)}
      </wa-button>
      <il-dialog heading=${this.made ? this.t('cards.person.made') : this.t(`cards.person.${may}`)} ?open=${this.open} @il-close=${this.#hide}>
        ${
          this.made
            ? html`<div class="stack">
                <p role="status">${this.t('cards.person.madeText')}</p>
                <login-card .details=${this.made}></login-card>
              </div>`
            : html`<div class="stack">
                <p>${this.t(`cards.person.${may}Text`, { name, username })}</p>
                ${this.problem ? this.#refusal() : nothing}
              </div>`
        }
        ${this.made ? this.#resultButtons(this.made) : this.#askButtons(may)}
      </il-dialog>
    `;
  }

  #askButtons(may: 'reset' | 'create') {
    return html`
      <wa-button slot="footer" appearance="outlined" @click=${this.#hide}>${this.t('temporary.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#make}>${this.t(`cards.person.${may}Confirm`)}</wa-button>
    `;
  }

  #resultButtons(made: SignInDetails) {
    return html`
      <wa-button slot="footer" appearance="outlined" @click=${() => this.#copy(made)}>
        <il-icon slot="start" name="copy"></il-icon>${this.t('temporary.copy')}
      </wa-button>
      <wa-button slot="footer" variant="brand" @click=${this.#hide}>${this.t('temporary.done')}</wa-button>
    `;
  }

  #refusal() {
    return this.problem instanceof ApiProblem && this.problem.status === 403
      ? html`<p role="alert" class="strong">${this.t('cards.person.notAllowed')}</p>`
      : html`<il-problem .problem=${this.problem}></il-problem>`;
  }

  #show(): void {
    this.problem = undefined;
    this.made = undefined;
    this.open = true;
  }

  #hide(): void {
    this.open = false;
    if (this.made !== undefined) void this.#account.run();
    this.made = undefined;
  }

  async #make(): Promise<void> {
    const id = this.context?.id;
    if (this.busy || id === undefined) return;
    this.busy = true;
    this.problem = undefined;
    try {
      this.made = await login.post('/people/:id/password', { params: { id } });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #copy({ username, password }: SignInDetails): Promise<void> {
    try {
      await navigator.clipboard.writeText(`${this.t('cards.username')}: ${username}\n${this.t('cards.password')}: ${password}`);
      notify({ kind: 'success', text: this.t('temporary.copied') });
    } catch {
      notify({ kind: 'error', text: this.t('temporary.copyFailed') });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-new-password': NewPassword;
  }
}
