import type { ClassSummary } from '@ilearn/plugin-directory';
import { directory } from '@ilearn/plugin-directory/client';
import { ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { login } from '../client.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import type { TemporaryAccount, TemporaryAccountList } from './answers.js';
import type { TemporaryRole } from './temporary-accounts.js';

type Field = 'givenName' | 'familyName' | 'days';

/**
 * Creates a temporary account, then shows its password once.
 *
 * @fires login-made - an account was created
 * @fires il-close - closed
 */
@customElement('login-temporary-account-dialog')
export class TemporaryAccountDialog extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      .names {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--il-space-4);
      }
      .days input {
        max-width: 8rem;
      }
      dl {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-4);
        background: var(--il-sunk);
        border-radius: var(--il-radius);
      }
      dt {
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      dd {
        font-size: var(--il-text-l);
        font-weight: 680;
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];

  @property({ attribute: false }) list!: TemporaryAccountList;
  @property({ type: Boolean }) open = false;

  @state() private givenName = '';
  @state() private familyName = '';
  @state() private givenRole: TemporaryRole = 'teacher';
  @state() private school = '';
  /** Id of the class; `none` for no class. */
  @state() private classId = 'none';
  @state() private days = '';
  @state() private errors: Partial<Record<Field, string>> = {};
  @state() private problem: unknown;
  @state() private busy = false;
  @state() private made: (TemporaryAccount & { password: string }) | undefined;

  /** The classes of the school, for a teacher or a pupil. */
  readonly #classes = new Task(this, {
    task: async ([open, school], { signal }): Promise<ClassSummary[]> => {
      if (!open || school === '') return [];
      const { classes } = await directory.get('/classes', { query: { of: 'school', school }, signal });
      return classes.filter(({ kind }) => kind === 'class');
    },
    args: () => [this.open, this.school] as const,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('open') || !this.open) return;
    this.givenName = '';
    this.familyName = '';
    this.givenRole = 'teacher';
    this.school = this.list.schools[0]?.id ?? '';
    this.classId = 'none';
    this.days = String(this.list.defaultDays);
    this.errors = {};
    this.problem = undefined;
    this.made = undefined;
  }

  async #create(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const days = Number(this.days);
    const goodDays = Number.isInteger(days) && days >= 1 && days <= this.list.longestDays;
    this.errors = {
      ...(this.givenName.trim() === '' ? { givenName: this.t('temporary.missing') } : {}),
      ...(this.familyName.trim() === '' ? { familyName: this.t('temporary.missing') } : {}),
      ...(goodDays ? {} : { days: this.t('temporary.missingDays', { count: this.list.longestDays }) }),
    };
    this.problem = undefined;
    if (Object.keys(this.errors).length > 0) {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLInputElement>('input[aria-invalid]')?.focus();
      return;
    }
    this.busy = true;
    try {
      const { school, givenRole: role, givenName, familyName } = this;
      const classId = this.#hasClass && this.classId !== 'none' ? this.classId : undefined;
      this.made = await login.post('/temporary-accounts', { body: { school, role, givenName, familyName, days, classId } });
      this.emit('login-made');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #copy(): Promise<void> {
    const { made } = this;
    if (made === undefined) return;
    try {
      const text = `${this.t('temporary.username')}: ${made.username}\n${this.t('temporary.password')}: ${made.password}`;
      await navigator.clipboard.writeText(text);
      notify({ kind: 'success', text: this.t('temporary.copied') });
    } catch {
      notify({ kind: 'error', text: this.t('temporary.copyFailed') });
    }
  }

  override render() {
    return html`
      <il-dialog heading=${this.made ? this.t('temporary.made') : this.t('temporary.new')} .open=${this.open}>
        ${this.made ? this.#result(this.made) : this.#form()}
      </il-dialog>
    `;
  }

  #form() {
    const text = (name: Field, more: { hint?: string; inputmode?: 'numeric' } = {}) =>
      textField({
        name,
        label: this.t(`temporary.${name}`),
        autocomplete: 'off',
        value: this[name],
        error: this.errors[name],
        ...more,
        onInput: (value) => {
          this[name] = value;
        },
      });
    return html`
      <form id="make" class="stack" novalidate @submit=${this.#create}>
        ${this.#refusal()}
        <div class="names">${text('givenName')} ${text('familyName')}</div>
        <wa-select label=${this.t('temporary.role')} .value=${this.givenRole} @change=${this.#choose('givenRole')}>
          ${this.list.roles.map((role) => html`<wa-option value=${role}>${this.t(`temporary.roles.${role}`)}</wa-option>`)}
        </wa-select>
        ${
          this.list.schools.length > 1
            ? html`<wa-select label=${this.t('temporary.school')} .value=${this.school} @change=${this.#choose('school')}>
                ${this.list.schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
              </wa-select>`
            : ''
        }
        ${this.#hasClass ? this.#classField() : nothing}
        <div class="days">
          ${text('days', { inputmode: 'numeric', hint: this.t('temporary.daysRule', { count: this.list.longestDays }) })}
        </div>
        <button hidden></button>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('temporary.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#create}>${this.t('temporary.create')}</wa-button>
    `;
  }

  get #hasClass(): boolean {
    return this.givenRole === 'teacher' || this.givenRole === 'pupil';
  }

  #classField() {
    const classes = this.#classes.value ?? [];
    if (classes.length === 0) return nothing;
    return html`<wa-select label=${this.t('temporary.class')} .value=${this.classId} @change=${this.#choose('classId')}>
      <wa-option value="none">${this.t('temporary.noClass')}</wa-option>
      ${classes.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
    </wa-select>`;
  }

  #choose(name: 'givenRole' | 'school' | 'classId') {
    return (event: Event) => {
      Object.assign(this, { [name]: (event.target as HTMLSelectElement).value });
      if (name === 'school') this.classId = 'none';
    };
  }

  #refusal() {
    if (this.problem === undefined) return '';
    const forbidden = this.problem instanceof ApiProblem && this.problem.status === 403;
    return forbidden
      ? html`<p role="alert" class="strong">${this.t('temporary.notAllowed')}</p>`
      : html`<il-problem .problem=${this.problem}></il-problem>`;
  }

  #result(made: TemporaryAccount & { password: string }) {
    return html`
      <div class="stack">
        <p role="status">${this.t('temporary.madeText')}</p>
        <dl>
          <div>
            <dt>${this.t('temporary.person')}</dt>
            <dd>${made.displayName}</dd>
          </div>
          <div>
            <dt>${this.t('temporary.username')}</dt>
            <dd>${made.username}</dd>
          </div>
          <div>
            <dt>${this.t('temporary.password')}</dt>
            <dd class="code">${made.password}</dd>
          </div>
          <div>
            <dt>${this.t('temporary.until')}</dt>
            <dd>${formatDate(made.expiresAt, 'time')}</dd>
          </div>
        </dl>
      </div>
      <wa-button slot="footer" appearance="outlined" @click=${this.#copy}>
        <il-icon slot="start" name="copy"></il-icon>${this.t('temporary.copy')}
      </wa-button>
      <wa-button slot="footer" variant="brand" @click=${() => this.emit('il-close')}>${this.t('temporary.done')}</wa-button>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-temporary-account-dialog': TemporaryAccountDialog;
  }
}
