import { ApiProblem, kernel, PortalElement, refreshSession, sharedStyles } from '@ilearn/ui';
import { initialState, Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { login } from '../client.js';
import { fieldStyles, textField } from '../fields/text-field.js';

type Field = 'username' | 'password';

/** `/uitnodiging#<token>`: somebody who was invited makes their account. */
@customElement('login-invitation-page')
export class InvitationPage extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      form {
        max-width: 28rem;
      }
    `,
  ];

  @state() private username = '';
  @state() private password = '';
  @state() private shown = false;
  @state() private errors: Partial<Record<Field, string>> = {};
  @state() private problem: unknown;
  @state() private busy = false;

  @state() private token = '';

  #invitation = new Task(this, {
    // Whoever is signed in signs out first: accepting would end their session, or be refused because they may not give these roles.
    task: async ([isSignedIn, token], { signal }) =>
      isSignedIn ? initialState : login.post('/invitation', { body: { token: token || '-' }, signal }),
    args: () => [this.session !== null, this.token] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#readToken();
    addEventListener('hashchange', this.#readToken);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#readToken);
  }

  /** Another invitation opened in the same tab changes only the part behind `#`, so the browser does not load the page again. */
  readonly #readToken = (): void => {
    this.token = location.hash.slice(1);
    this.username = '';
    this.password = '';
    this.errors = {};
    this.problem = undefined;
  };

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('invitation.title')}></il-page-head>
        ${this.session ? this.#signedIn(this.session.displayName) : this.#opened()}
      </div>
    `;
  }

  #opened() {
    return this.#invitation.render({
      pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
      error: (problem) => this.#refusal(problem),
      complete: (invitation) => html`
        <div class="stack">
          <p>
            ${
              invitation.invitedBy === null
                ? this.t('invitation.fromPortal', invitation)
                : this.t('invitation.from', { ...invitation, invitedBy: invitation.invitedBy })
            }
          </p>
          <p>${this.t('invitation.text')}</p>
        </div>
        ${this.#form(invitation.shortestPassword)}
      `,
    });
  }

  /** For a person who is signed in: an invitation makes another account. */
  #signedIn(name: string) {
    return html`
      <div class="stack">
        ${this.problem === undefined ? '' : html`<il-problem .problem=${this.problem}></il-problem>`}
        <p class="strong">${this.t('invitation.signedInAs', { name })}</p>
        <p>${this.t('invitation.signOutFirst')}</p>
        <div class="actions">
          <wa-button variant="brand" ?loading=${this.busy} @click=${this.#signOut}>${this.t('signIn.signOut')}</wa-button>
          <a href="/">${this.t('signIn.continue')}</a>
        </div>
      </div>
    `;
  }

  async #signOut(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await kernel.delete('/session');
      // The address keeps its token. A new document, so that no data of the person who was signed in stays in memory.
      location.reload();
    } catch (problem) {
      this.busy = false;
      this.problem = problem;
    }
  }

  #refusal(problem: unknown) {
    const reason = problem instanceof ApiProblem ? String(problem.body['reason'] ?? '') : '';
    if (reason === '') return html`<il-problem .problem=${problem} @retry=${() => this.#invitation.run()}></il-problem>`;
    return html`
      <div class="stack" role="alert">
        <p class="strong">${this.t(`invitation.refused.${reason}`)}</p>
        <p>${this.t(`invitation.remedy.${reason}`)}</p>
      </div>
      <p><a href="/aanmelden">${this.t('signIn.title')}</a></p>
    `;
  }

  #form(shortest: number) {
    const field = (name: Field, more: object = {}) =>
      textField({
        name,
        label: this.t(`invitation.${name}`),
        autocomplete: name === 'username' ? 'username' : 'new-password',
        value: this[name],
        error: this.errors[name],
        onInput: (value) => {
          this[name] = value;
        },
        ...more,
      });
    return html`<form class="stack" novalidate @submit=${(event: Event) => this.#accept(event, shortest)}>
      ${this.problem === undefined ? '' : this.#refusal(this.problem)}
      ${field('username', { hint: this.t('invitation.usernameRule') })}
      ${field('password', {
        hint: this.t('account.rule', { count: shortest }),
        secret: {
          shown: this.shown,
          showLabel: this.t('signIn.show'),
          hideLabel: this.t('signIn.hide'),
          toggle: () => {
            this.shown = !this.shown;
          },
        },
      })}
      <div class="actions">
        <wa-button variant="brand" type="submit" ?loading=${this.busy} @click=${(event: Event) => this.#accept(event, shortest)}>
          ${this.t('invitation.accept')}
        </wa-button>
      </div>
      <button hidden></button>
    </form>`;
  }

  async #accept(event: Event, shortest: number): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    // A password manager may fill an input without firing an event.
    for (const name of ['username', 'password'] as const) {
      this[name] = this.renderRoot.querySelector<HTMLInputElement>(`#${name}`)?.value ?? this[name];
    }
    this.problem = undefined;
    this.errors = {
      ...(this.username.trim() === '' ? { username: this.t('signIn.missing.username') } : {}),
      ...(this.password === '' ? { password: this.t('signIn.missing.password') } : {}),
    };
    if (Object.keys(this.errors).length === 0) await this.#send(shortest);
    if (Object.keys(this.errors).length === 0) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('input[aria-invalid]')?.focus();
  }

  async #send(shortest: number): Promise<void> {
    this.busy = true;
    try {
      const { token, username, password } = this;
      await login.post('/invitation/accept', { body: { token, username, password } });
      // Loaded anew, as who signed in.
      location.assign('/');
    } catch (problem) {
      this.busy = false;
      // Somebody may have signed in meanwhile, in another tab.
      if (problem instanceof ApiProblem && problem.status === 403 && (await refreshSession()) !== null) return;
      const type = problem instanceof ApiProblem ? String(problem.body['type']) : '';
      const faults = problem instanceof ApiProblem ? (problem.body['faults'] as string[] | undefined) : undefined;
      if (type.endsWith('username-taken')) this.errors = { username: this.t('invitation.usernameTaken') };
      else if (type.endsWith('invalid-username')) this.errors = { username: this.t('invitation.usernameRule') };
      else if (faults?.[0] !== undefined) this.errors = { password: this.t(`account.fault.${faults[0]}`, { count: shortest }) };
      else this.problem = problem;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-invitation-page': InvitationPage;
  }
}
