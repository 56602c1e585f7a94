import type { Answer } from '@ilearn/core';
import { ApiProblem, confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { login } from '../client.js';
import './new-factor.js';
import './recovery-code-list.js';
import type { factorRoutes } from './own-routes.js';

type Own = Answer<typeof factorRoutes, 'GET', '/factors'>;

/** On the account page of members of staff: their passkeys, authenticator app and recovery codes. */
@customElement('login-own-factors')
export class OwnFactors extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        margin-top: var(--il-space-6);
      }
      h2 {
        margin-bottom: var(--il-space-2);
      }
      ul {
        padding: 0;
        margin: var(--il-space-4) 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      li p {
        margin: 0;
      }
      .new {
        margin-top: var(--il-space-4);
      }
    `,
  ];

  @state() private adding = false;
  @state() private codes: readonly string[] | null = null;

  readonly #own = new Task(this, {
    task: (_, { signal }) => login.get('/factors', { signal }),
    args: () => [],
  });

  #add(): void {
    this.adding = true;
  }

  async #added(): Promise<void> {
    this.adding = false;
    notify({ kind: 'success', text: this.t('factors.added') });
    await this.#own.run();
    await this.#focusHeading();
  }

  async #kept(): Promise<void> {
    this.codes = null;
    await this.#own.run();
    await this.#focusHeading();
  }

  async #newCodes(): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('factors.codes.renewTitle'),
      text: this.t('factors.codes.renewText'),
      confirm: this.t('factors.codes.renew'),
    });
    if (!sure) return;
    await this.#tell(async () => {
      ({ codes: this.codes } = await login.post('/factors/recovery-codes'));
    });
  }

  async #remove(what: string, call: () => Promise<unknown>): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('factors.removeTitle', { what }),
      text: this.t('factors.removeText'),
      confirm: this.t('factors.remove'),
      danger: true,
    });
    if (!sure) return;
    await this.#tell(async () => {
      await call();
      notify({ kind: 'success', text: this.t('factors.removed') });
    });
    await this.#own.run();
    await this.#focusHeading();
  }

  async #tell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 404)) notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  override render() {
    return this.#own.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#own.run()}></il-problem>`,
      complete: (own) => (own.may ? this.#section(own) : nothing),
    });
  }

  #section(own: Own) {
    const { passkeys, appAddedAt, neededFrom } = own;
    const has = passkeys.length > 0 || appAddedAt !== null;
    return html`
      <section aria-labelledby="factors">
        <h2 id="factors" tabindex="-1">${this.t('factors.title')}</h2>
        <p>${this.t('factors.text')}</p>
        ${
          neededFrom === null
            ? nothing
            : html`<wa-callout variant="warning">
                <il-icon slot="icon" name="triangle-alert"></il-icon>
                <p>${this.t('factors.needed', { date: formatDate(neededFrom) })}</p>
              </wa-callout>`
        }
        ${has ? this.#list(own) : nothing}
        ${
          this.codes
            ? html`<login-recovery-codes .codes=${this.codes} @login-codes-kept=${this.#kept}></login-recovery-codes>`
            : this.adding
              ? html`<login-new-factor class="new" @login-factor-added=${this.#added}></login-new-factor>`
              : html`<wa-button class="new" @click=${this.#add}>${this.t(has ? 'factors.addAnother' : 'factors.add')}</wa-button>`
        }
      </section>
    `;
  }

  #list({ passkeys, appAddedAt, recoveryCodes }: Own) {
    const app = this.t('factors.app.name');
    return html`<ul aria-labelledby="factors">
      ${passkeys.map(({ id, name, addedAt, usedAt }) =>
        this.#item(name, addedAt, usedAt, () => login.delete('/factors/passkeys/:id', { params: { id } })),
      )}
      ${appAddedAt === null ? nothing : this.#item(app, appAddedAt, null, () => login.delete('/factors/app'))}
      <li>
        <p>${this.t('factors.codes.left', { count: recoveryCodes })}</p>
        <wa-button size="small" @click=${this.#newCodes}>${this.t('factors.codes.renew')}</wa-button>
      </li>
    </ul>`;
  }

  #item(name: string, addedAt: string, usedAt: string | null, remove: () => Promise<unknown>) {
    return html`<li>
      <div>
        <p><strong>${name}</strong></p>
        <p class="muted">
          ${this.t('factors.since', { date: formatDate(addedAt) })}${usedAt === null ? '' : `, ${this.t('factors.used', { date: formatDate(usedAt, 'time') })}`}
        </p>
      </div>
      <wa-button size="small" @click=${() => this.#remove(name, remove)}>
        ${this.t('factors.remove')} <span class="visually-hidden">${name}</span>
      </wa-button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-own-factors': OwnFactors;
  }
}
