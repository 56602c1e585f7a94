import type { SlotContext } from '@ilearn/core';
import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { login } from '../client.js';
import type { Step } from '../factors/factors.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import { waitingTime } from './waiting.js';
import '../factors/new-factor.js';
import { isGivenUp, signInWithPasskey } from '../factors/passkey-browser.js';

/**
 * In the slot `login.second-step`, after a right password: asks for a second factor, or lets the person add one if their role requires it.
 *
 * @fires login-done - signed in
 * @fires login-start-again - the sign-in has ended: the password is needed again
 */
@customElement('login-second-step')
export class SecondStepForm extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'login.second-step'> | undefined;

  get step(): Step {
    return this.context?.step ?? 'confirm';
  }

  @state() private code = '';
  @state() private busy = false;
  @state() private wrong: string | undefined;
  @state() private problem: unknown;

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>(this.step === 'confirm' ? '#code' : 'h2')?.focus();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const code = this.code.trim();
    if (code.length < 6) {
      this.wrong = this.t('factors.step.missing');
      return;
    }
    await this.#try(() => login.post('/step/code', { body: { code } }));
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.wrong = undefined;
    this.problem = undefined;
    try {
      await work();
      this.emit('login-done');
    } catch (problem) {
      this.busy = false;
      this.#explain(problem);
    }
  }

  #explain(problem: unknown): void {
    const type = problem instanceof ApiProblem ? problem.type : '';
    if (problem instanceof ApiProblem && /\/login\/(wrong-factor|too-many-attempts)$/.test(type)) {
      const wait = Number(problem.body.retryAfter ?? 0);
      const time = waitingTime(wait, (key, options) => this.t(`signIn.${key}`, options));
      this.wrong = wait > 0 ? this.t('factors.step.wait', { time }) : this.t('factors.step.wrong');
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#code')?.focus());
    } else if (!isGivenUp(problem)) this.problem = problem;
  }

  override render() {
    const enrol = this.step === 'enrol';
    return html`
      <div class="stack">
        <h2 tabindex="-1">${this.t(enrol ? 'factors.step.enrolTitle' : 'factors.step.title')}</h2>
        <p>${this.t(enrol ? 'factors.step.enrolText' : 'factors.step.text')}</p>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        ${enrol ? html`<login-new-factor place="sign-in" @login-factor-added=${() => this.emit('login-done')}></login-new-factor>` : this.#form()}
        <p><wa-button appearance="plain" size="small" @click=${() => this.emit('login-start-again')}>${this.t('factors.step.back')}</wa-button></p>
      </div>
    `;
  }

  #form() {
    return html`<form novalidate @submit=${this.#submit}>
      ${textField({
        name: 'code',
        label: this.t('factors.step.code'),
        hint: this.t('factors.step.hint'),
        autocomplete: 'one-time-code',
        value: this.code,
        error: this.wrong,
        onInput: (value) => {
          this.code = value;
        },
      })}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('factors.step.confirm')}</wa-button>
        ${
          'PublicKeyCredential' in window
            ? html`<wa-button @click=${() => this.#try(() => signInWithPasskey())}>
                <il-icon slot="start" name="key-round"></il-icon>${this.t('factors.step.passkey')}
              </wa-button>`
            : nothing
        }
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-second-step': SecondStepForm;
  }
}
