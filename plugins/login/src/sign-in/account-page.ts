import type { Answer } from '@ilearn/core';
import { ApiProblem, formatDate, isPupil, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { PasswordFault } from '../accounts/password-rules.js';
import { login } from '../client.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import type { signInRoutes } from './routes.js';
import { waitingTime } from './waiting.js';
import '../accounts/own-sessions.js';
import '../factors/own-factors.js';

type Account = NonNullable<Answer<typeof signInRoutes, 'GET', '/account'>['account']>;

type Field = 'current' | 'password';

/** `/account`: shows the person's own account, and changes its password. */
@customElement('login-account-page')
export class AccountPage extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-5);
        max-width: 30rem;
      }
      form wa-button {
        justify-self: start;
      }
    `,
  ];

  @state() private current = '';
  @state() private password = '';
  @state() private shown = false;
  @state() private busy = false;
  @state() private errors: Partial<Record<Field, string>> = {};
  @state() private problem: unknown;

  @query('form') private form!: HTMLFormElement;

  #account = new Task(this, {
    task: async (_, { signal }) => (await login.get('/account', { signal })).account,
    args: () => [],
  });

  async #submit(event: SubmitEvent, account: Account): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.errors = {
      ...(this.current === '' ? { current: this.t('account.missing.current') } : {}),
      ...(this.password === '' ? { password: this.t('account.missing.password') } : {}),
    };
    this.problem = undefined;
    if (Object.keys(this.errors).length > 0) return this.#focusFirstError();
    this.busy = true;
    try {
      await login.put('/password', { body: { current: this.current, password: this.password } });
      this.current = '';
      this.password = '';
      this.shown = false;
      notify({ kind: 'success', text: this.t('account.saved') });
    } catch (problem) {
      this.#explain(problem, account);
      await this.#focusFirstError();
    } finally {
      this.busy = false;
    }
  }

  #explain(problem: unknown, account: Account): void {
    const kind = problem instanceof ApiProblem ? problem.type : '';
    if (problem instanceof ApiProblem && kind.endsWith('/login/weak-password')) {
      const faults = (problem.body.faults ?? []) as PasswordFault[];
      this.errors = {
        password: faults.map((fault) => this.t(`account.fault.${fault}`, { count: account.shortestPassword })).join(' '),
      };
    } else if (problem instanceof ApiProblem && /\/login\/(wrong-password|too-many-attempts)$/.test(kind)) {
      const wait = Number(problem.body.retryAfter ?? 0);
      const time = waitingTime(wait, (key, options) => this.t(`signIn.${key}`, options));
      this.errors = { current: wait > 0 ? this.t('account.wait', { time }) : this.t('account.wrong') };
    } else this.problem = problem;
  }

  async #focusFirstError(): Promise<void> {
    await this.updateComplete;
    this.form.querySelector<HTMLInputElement>('input[aria-invalid]')?.focus();
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('account.title')} .back=${isPupil() ? { href: '/', text: this.t('account.toStart') } : undefined}></il-page-head>
        ${this.#account.render({
          pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#account.run()}></il-problem>`,
          complete: (account) =>
            account === null
              ? html`<il-empty icon="key-round" heading=${this.t('account.elsewhere')} text=${this.t('account.elsewhereText')}></il-empty>`
              : this.#own(account),
        })}
        <login-own-factors></login-own-factors>
        <il-slot name="login.account" .context=${{}}></il-slot>
        <login-own-sessions></login-own-sessions>
      </div>
    `;
  }

  #own(account: Account) {
    const secret = {
      shown: this.shown,
      showLabel: this.t('signIn.show'),
      hideLabel: this.t('signIn.hide'),
      toggle: () => {
        this.shown = !this.shown;
      },
    };
    return html`
      <div class="stack">
        <p>${this.t('account.text', { username: account.username })}</p>
        ${account.expiresAt ? html`<p class="muted">${this.t('account.expires', { date: formatDate(account.expiresAt, 'time') })}</p>` : ''}
      </div>
      <form method="post" action="/api/login/password" novalidate @submit=${(event: SubmitEvent) => this.#submit(event, account)}>
        <h2>${this.t('account.password')}</h2>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
        <input hidden name="username" autocomplete="username" .value=${account.username} />
        ${textField({
          name: 'current',
          label: this.t('account.current'),
          autocomplete: 'current-password',
          value: this.current,
          error: this.errors.current,
          secret,
          onInput: (value) => {
            this.current = value;
          },
        })}
        ${textField({
          name: 'password',
          label: this.t('account.new'),
          autocomplete: 'new-password',
          hint: this.t('account.rule', { count: account.shortestPassword }),
          value: this.password,
          error: this.errors.password,
          secret,
          onInput: (value) => {
            this.password = value;
          },
        })}
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('account.save')}</wa-button>
      </form>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-account-page': AccountPage;
  }
}
