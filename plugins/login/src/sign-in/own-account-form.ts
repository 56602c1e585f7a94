import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { login } from '../client.js';
import type { Step } from '../factors/factors.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import type { Audience } from './audience.js';
import { waitingTime } from './waiting.js';

/**
 * Username and password, in a real form with plain inputs for password managers.
 *
 * @fires login-done - signed in
 */
@customElement('login-own-account-form')
export class OwnAccountForm extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-5);
      }
      :host([audience='pupil']) {
        --login-field-height: 4rem;
        font-size: 1.125rem;
      }
      .submit {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        justify-content: center;
        min-height: var(--login-field-height, 3.25rem);
        padding: var(--il-space-2) var(--il-space-5);
        color: var(--il-action-ink);
        font: inherit;
        font-size: 1.0625em;
        font-weight: 700;
        background: var(--il-action);
        border: 2px solid var(--il-action-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      .submit:hover {
        background: var(--il-action-hover);
      }
      .submit[aria-disabled='true'] {
        color: var(--il-ink-soft);
        background: var(--il-hover);
        border-color: var(--il-rule);
        cursor: default;
      }
      .passkey {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        justify-content: center;
        min-height: 3.25rem;
        color: var(--il-ink);
        font: inherit;
        font-weight: 650;
        background: none;
        border: 2px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      .passkey:hover {
        background: var(--il-hover);
      }
      .refusal {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 var(--il-space-3);
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-bad-fill);
        border-inline-start: 6px solid var(--il-bad);
        border-radius: 4px var(--il-radius) var(--il-radius) 4px;
      }
      .refusal il-icon {
        grid-row: span 2;
        margin-top: 0.1em;
        color: var(--il-bad);
      }
      .caps {
        color: var(--il-ink);
        font-size: var(--il-text-s);
      }
    `,
  ];

  @property({ reflect: true }) audience: Audience = 'staff';

  @state() private username = '';
  @state() private password = '';
  @state() private shown = false;
  @state() private capsLock = false;
  @state() private busy = false;
  @state() private missing: readonly ('username' | 'password')[] = [];
  @state() private problem: unknown;
  /** Time from which the next attempt is allowed, in milliseconds as `Date.now()`; 0: now. */
  @state() private waitUntil = 0;
  @state() private secondsLeft = 0;

  /** What is asked for after the password. */
  @state() private step: Step | null = null;
  /** An attempt to sign in with a passkey. */
  @state() private passkey: { suggested: boolean; attempt: number } | null = null;

  @query('#username') private usernameInput!: HTMLInputElement;
  @query('#password') private passwordInput!: HTMLInputElement;

  #suggesting = false;
  #ticking: ReturnType<typeof setInterval> | undefined;

  /**
   * A sign-in card leads here with the username behind `#`, where no server and no log sees it. It is taken from the address, so that it does
   * not stay in the history of a shared device.
   */
  override connectedCallback(): void {
    super.connectedCallback();
    const username = new URLSearchParams(location.hash.slice(1)).get('naam');
    if (username === null) return;
    this.username = username.slice(0, 256);
    history.replaceState(history.state, '', location.pathname + location.search);
    this.#focus('password');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('waitUntil' as keyof this)) this.#countDown();
  }

  #countDown(): void {
    clearInterval(this.#ticking);
    const tick = () => {
      this.secondsLeft = Math.max(0, Math.ceil((this.waitUntil - Date.now()) / 1000));
      if (this.secondsLeft === 0) clearInterval(this.#ticking);
    };
    tick();
    if (this.secondsLeft > 0) this.#ticking = setInterval(tick, 500);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy || this.secondsLeft > 0) return;
    // A password manager may fill an input without firing an event.
    this.username = this.usernameInput.value;
    this.password = this.passwordInput.value;
    this.missing = (['username', 'password'] as const).filter((name) => this[name].trim() === '');
    if (this.missing.length > 0) {
      this.#focus(this.missing[0] as 'username' | 'password');
      return;
    }
    this.busy = true;
    this.problem = undefined;
    try {
      const answer = await login.post('/session', { body: { username: this.username, password: this.password } });
      if ('step' in answer) this.step = answer.step;
      else this.emit('login-done');
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
      const wait = problem instanceof ApiProblem ? Number(problem.body.retryAfter ?? 0) : 0;
      this.waitUntil = wait > 0 ? Date.now() + wait * 1000 : 0;
      this.#focus('password');
      this.passwordInput.select();
    }
  }

  /** Pupils have no passkeys. */
  get #withPasskeys(): boolean {
    return this.audience !== 'pupil' && 'PublicKeyCredential' in window;
  }

  /** Lets the browser offer passkeys in the field for the username, from when somebody comes to it. */
  readonly #suggest = async (): Promise<void> => {
    if (this.#suggesting || !this.#withPasskeys) return;
    this.#suggesting = true;
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) this.#passkey(true);
  };

  /** The element in the slot signs in; a new context is a new attempt. */
  #passkey(suggested: boolean): void {
    this.problem = undefined;
    this.passkey = { suggested, attempt: (this.passkey?.attempt ?? 0) + 1 };
  }

  #passkeyRefused({ detail }: CustomEvent<unknown>): void {
    this.problem = detail;
  }

  #startAgain(): void {
    this.step = null;
    this.busy = false;
    this.password = '';
    this.#focus('password');
  }

  focusFirst(): void {
    this.#focus('username');
  }

  #focus(name: 'username' | 'password'): void {
    void this.updateComplete.then(() => (name === 'username' ? this.usernameInput : this.passwordInput).focus());
  }

  override render() {
    if (this.step !== null) {
      return html`<il-slot name="login.second-step" .context=${{ step: this.step }} @login-start-again=${this.#startAgain}></il-slot>`;
    }
    return html`
      <form method="post" action="/api/login/session" novalidate @submit=${this.#submit} @focusin=${this.#suggest}>
        ${this.#refusal()}
        ${textField({
          name: 'username',
          label: this.t('signIn.username'),
          autocomplete: this.#withPasskeys ? 'username webauthn' : 'username',
          value: this.username,
          error: this.missing.includes('username') ? this.t('signIn.missing.username') : undefined,
          onInput: (value) => {
            this.username = value;
          },
        })}
        <div>
          ${textField({
            name: 'password',
            label: this.t('signIn.password'),
            autocomplete: 'current-password',
            value: this.password,
            error: this.missing.includes('password') ? this.t('signIn.missing.password') : undefined,
            secret: {
              shown: this.shown,
              showLabel: this.t('signIn.show'),
              hideLabel: this.t('signIn.hide'),
              toggle: () => {
                this.shown = !this.shown;
              },
            },
            onInput: (value) => {
              this.password = value;
            },
            onKey: (event) => {
              this.capsLock = event.getModifierState('CapsLock');
            },
          })}
          <p class="caps" role="status">${this.capsLock ? this.t('signIn.capsLock') : ''}</p>
        </div>
        <button class="submit" aria-disabled=${this.busy || this.secondsLeft > 0}>
          ${this.busy ? this.t('signIn.submitting') : this.t('signIn.submit')}
        </button>
        ${
          this.#withPasskeys
            ? html`<button type="button" class="passkey" @click=${() => this.#passkey(false)}>
                <il-icon name="key-round"></il-icon>${this.t('signIn.passkey')}
              </button>`
            : ''
        }
        ${this.passkey ? html`<il-slot name="login.passkey" .context=${this.passkey} @login-passkey-refused=${this.#passkeyRefused}></il-slot>` : ''}
        <p class="muted">${this.t(`signIn.help.${this.audience}`)}</p>
      </form>
    `;
  }

  #refusal() {
    const problem = this.problem;
    if (problem === undefined) return '';
    if (this.waitUntil > 0) {
      const over = this.secondsLeft === 0;
      // Keep the seconds outside the alert, so that screen readers do not announce each second.
      return html`<div class="refusal">
        <il-icon name="hourglass"></il-icon>
        <p class="strong" role="alert">${over ? this.t('signIn.waitOver') : this.t('signIn.wait')}</p>
        ${
          over
            ? ''
            : html`<p>
                ${this.t('signIn.waitDetail', { time: waitingTime(this.secondsLeft, (key, options) => this.t(`signIn.${key}`, options)) })}
              </p>`
        }
      </div>`;
    }
    if (!(problem instanceof ApiProblem) || !(problem.status === 400 || problem.type.endsWith('/login/wrong-credentials')))
      return html`<il-problem .problem=${problem}></il-problem>`;
    return html`<div class="refusal" role="alert">
      <il-icon name="circle-alert"></il-icon>
      <p class="strong">${this.t('signIn.wrong')}</p>
      <p>${this.t('signIn.wrongDetail')}</p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-own-account-form': OwnAccountForm;
  }
}
