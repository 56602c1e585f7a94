import type { Answer } from '@ilearn/core';
import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { login } from '../client.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import './recovery-code-list.js';
import type { factorRoutes } from './own-routes.js';
import { isGivenUp, makePasskey } from './passkey-browser.js';

type NewApp = Answer<typeof factorRoutes, 'POST', '/factors/app'>;

/** The requests, for somebody who is signed in, and for somebody who has to add a factor before they are. */
const requests = {
  account: {
    app: () => login.post('/factors/app'),
    addApp: (body: { ticket: string; code: string }) => login.post('/factors/app/first-code', { body }),
    passkey: () => login.post('/factors/passkeys/options'),
    addPasskey: (body: { name: string; credential: never }) => login.post('/factors/passkeys', { body }),
  },
  'sign-in': {
    app: () => login.post('/step/app'),
    addApp: (body: { ticket: string; code: string }) => login.post('/step/app/first-code', { body }),
    passkey: () => login.post('/step/passkey/options'),
    addPasskey: (body: { name: string; credential: never }) => login.post('/step/passkey', { body }),
  },
};

/**
 * Adds a passkey or an authenticator app.
 *
 * @fires login-factor-added - after the person kept their recovery codes, if there are new ones
 */
@customElement('login-new-factor')
export class NewFactor extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
      }
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 30rem;
      }
      svg {
        width: 12rem;
        height: 12rem;
        fill: #000;
        background: #fff;
        border-radius: var(--il-radius);
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() place: keyof typeof requests = 'account';

  @state() private app: NewApp | undefined;
  @state() private code = '';
  @state() private codes: readonly string[] | null = null;
  @state() private busy = false;
  @state() private wrong: string | undefined;
  @state() private problem: unknown;

  get #requests() {
    return requests[this.place];
  }

  async #passkey(): Promise<void> {
    await this.#try(async () => {
      const { options } = await this.#requests.passkey();
      const credential = (await makePasskey(options)) as never;
      this.#added(await this.#requests.addPasskey({ name: this.t('factors.passkey.name'), credential }));
    });
  }

  async #newApp(): Promise<void> {
    await this.#try(async () => {
      this.app = await this.#requests.app();
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('#code')?.focus();
    });
  }

  async #addApp(event: SubmitEvent, { ticket }: NewApp): Promise<void> {
    event.preventDefault();
    const code = this.code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(code)) {
      this.wrong = this.t('factors.app.sixDigits');
      return;
    }
    await this.#try(async () => this.#added(await this.#requests.addApp({ ticket, code })));
  }

  #added({ codes }: { codes: readonly string[] | null }): void {
    this.app = undefined;
    this.codes = codes;
    if (codes === null) this.emit('login-factor-added');
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.wrong = undefined;
    try {
      await work();
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.type.endsWith('/login/wrong-factor') && this.app) {
        this.wrong = this.t('factors.app.wrong');
      } else if (!isGivenUp(problem)) this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    if (this.codes !== null) {
      return html`<login-recovery-codes .codes=${this.codes} @login-codes-kept=${() => this.emit('login-factor-added')}></login-recovery-codes>`;
    }
    return html`
      <div class="stack">
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        ${this.app ? this.#appForm(this.app) : this.#choice()}
      </div>
    `;
  }

  #choice() {
    return html`<div class="actions">
      ${
        'PublicKeyCredential' in window
          ? html`<wa-button ?loading=${this.busy} @click=${this.#passkey}>
              <il-icon slot="start" name="key-round"></il-icon>${this.t('factors.passkey.add')}
            </wa-button>`
          : nothing
      }
      <wa-button @click=${this.#newApp}><il-icon slot="start" name="lock"></il-icon>${this.t('factors.app.add')}</wa-button>
    </div>`;
  }

  #appForm(app: NewApp) {
    return html`<form novalidate @submit=${(event: SubmitEvent) => this.#addApp(event, app)}>
      <p>${this.t('factors.app.scan')}</p>
      <svg viewBox="0 0 ${app.code.size} ${app.code.size}" shape-rendering="crispEdges" role="img" aria-label=${this.t('factors.app.qr')}>
        <path d=${app.code.path} />
      </svg>
      <p>${this.t('factors.app.type')} <code>${app.secret.replace(/(.{4})(?!$)/g, '$1 ')}</code></p>
      ${textField({
        name: 'code',
        label: this.t('factors.app.code'),
        autocomplete: 'one-time-code',
        value: this.code,
        error: this.wrong,
        onInput: (value) => {
          this.code = value;
        },
      })}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('factors.app.confirm')}</wa-button>
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-new-factor': NewFactor;
  }
}
