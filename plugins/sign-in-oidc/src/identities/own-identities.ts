import type { Answer } from '@ilearn/core';
import { ApiProblem, confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { signIn } from '../client.js';
import type { identityRoutes } from './routes.js';

type Identity = Answer<typeof identityRoutes, 'GET', '/identities'>['identities'][number];

/** In the slot `login.account`: the accounts elsewhere with which somebody signs in; they add and remove them. */
@customElement('sign-in-oidc-identities')
export class OwnIdentities extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        margin-top: var(--il-space-6);
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
      .out {
        margin-top: var(--il-space-5);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
      }
    `,
  ];

  @state() private problem: unknown;

  readonly #own = new Task(this, {
    task: (_, { signal }) => signIn.get('/identities', { signal }),
    args: () => [],
  });

  async #add(provider: string): Promise<void> {
    this.problem = undefined;
    try {
      const { location: address } = await signIn.post('/:provider/link', { params: { provider } });
      location.assign(address);
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #signOut(): Promise<void> {
    const { location: address } = await signIn.post('/sign-out');
    location.assign(address ?? '/aanmelden?wie=kies');
  }

  async #remove({ id, label }: Identity): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('own.removeOf', { provider: label }),
      text: this.t('own.sure', { provider: label }),
      confirm: this.t('own.remove'),
      danger: true,
    });
    if (!sure) return;
    try {
      await signIn.delete('/identities/:id', { params: { id } });
      notify({ kind: 'success', text: this.t('own.removed') });
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 404)) notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#own.run();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  override render() {
    return this.#own.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#own.run()}></il-problem>`,
      complete: ({ identities, offered, signOutAt }) => {
        if (identities.length === 0 && offered.length === 0) return nothing;
        return html`
          <section aria-labelledby="identities">
            <h2 id="identities" tabindex="-1">${this.t('own.title')}</h2>
            ${identities.length === 0 ? html`<p>${this.t('own.none')}</p>` : html`<ul>${identities.map((each) => this.#item(each))}</ul>`}
            ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
            ${
              offered.length === 0
                ? ''
                : html`<div class="actions">
                    ${offered.map(
                      ({ key, label }) =>
                        html`<wa-button size="small" @click=${() => this.#add(key)}>${this.t('own.add', { provider: label })}</wa-button>`,
                    )}
                  </div>`
            }
            ${
              signOutAt === null
                ? ''
                : html`<p class="out"><wa-button size="small" @click=${this.#signOut}><il-icon slot="start" name="log-out"></il-icon>${this.t('own.out', { provider: signOutAt })}</wa-button></p>`
            }
          </section>
        `;
      },
    });
  }

  #item(identity: Identity) {
    return html`<li>
      <div>
        <p><strong>${identity.label}</strong></p>
        <p class="muted">${this.t(`own.made.${identity.made}`)}, ${this.t('own.since', { date: formatDate(identity.addedAt) })}</p>
      </div>
      <wa-button size="small" @click=${() => this.#remove(identity)}>
        ${this.t('own.remove')} <span class="visually-hidden">${identity.label}</span>
      </wa-button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-identities': OwnIdentities;
  }
}
