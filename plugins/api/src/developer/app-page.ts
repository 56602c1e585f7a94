import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AppView } from '../apps/app.js';
import { appStyles } from '../apps/app-styles.js';
import { type ScopeTitle, scopeLabel } from '../apps/scope-label.js';
import { stateMark } from '../apps/state-mark.js';
import { apps } from '../client.js';
import type { appRoutes } from './routes.js';
import './app-credentials.js';
import './try-out.js';
import '../apps/app-dialog.js';
import '../webhooks/app-webhooks.js';

type Whole = Answer<typeof appRoutes, 'GET', '/apps/:id'>;

/** `/ontwikkelaars/:id`: one app. */
@customElement('api-app-page')
export class AppPage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private changing = false;

  #app = new Task(this, {
    task: async ([id], { signal }) => {
      const [whole, reference] = await Promise.all([
        apps.get('/apps/:id', { params: { id }, signal }),
        apps.get('/reference', { signal }),
      ]);
      this.emit('il-title', { title: whole.app.name });
      return { whole, reference };
    },
    args: () => [this.params['id'] ?? ''] as const,
  });

  #saved({ detail }: CustomEvent<AppView>): void {
    this.changing = false;
    notify({ kind: 'success', text: this.t('apps.changed', { name: detail.name }) });
    void this.#app.run();
  }

  async #remove({ id, name }: AppView): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('app.removeTitle', { name }),
      text: this.t('app.removeText'),
      confirm: this.t('app.removeConfirm'),
      danger: true,
    });
    if (!sure) return;
    try {
      await apps.delete('/apps/:id', { params: { id } });
      notify({ kind: 'success', text: this.t('app.removed', { name }) });
      navigate('/ontwikkelaars');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    return html`<div class="page">
      ${this.#app.render({
        pending: () => (this.#app.value ? this.#complete(this.#app.value) : html`<il-skeleton lines="8"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#app.run()}></il-problem>`,
        complete: (found) => this.#complete(found),
      })}
    </div>`;
  }

  #complete({ whole, reference }: { whole: Whole; reference: { issuer: string; token: string; scopes: ScopeTitle[] } }) {
    const { app } = whole;
    const facts = [
      ['clientId', app.id],
      ['tokenAddress', reference.token],
      ['issuer', reference.issuer],
      ['asks', app.scopes.map((scope) => scopeLabel(this, reference.scopes, scope)).join(' · ')],
      ...(app.reason === null ? [] : [['reason', app.reason]]),
    ] as const;
    const reload = () => this.#app.run();
    return html`
      <il-page-head heading=${app.name} .back=${{ href: '/ontwikkelaars', text: this.t('apps.title') }}>
        <p>${app.provider.name}</p>
        <p>${stateMark(this, app)}</p>
        <wa-button slot="actions" appearance="outlined" @click=${() => this.#remove(app)}>${this.t('app.remove')}</wa-button>
        <wa-button slot="actions" appearance="outlined" @click=${() => (this.changing = true)}>${this.t('app.change')}</wa-button>
      </il-page-head>
      <p>${app.description}</p>
      <dl>
        ${facts.map(([key, value]) => html`<dt>${this.t(`app.${key}`)}</dt><dd>${value}</dd>`)}
      </dl>
      <api-app-credentials
        .app=${app.id}
        .secrets=${whole.secrets}
        .keys=${whole.keys}
        @api-changed=${reload}
      ></api-app-credentials>
      <api-app-webhooks .app=${app.id} .endpoints=${whole.endpoints} @api-changed=${reload}></api-app-webhooks>
      ${
        app.state === 'approved' && app.approved !== null
          ? html`<api-try-out .app=${app.id} .scopes=${app.approved.scopes}></api-try-out>`
          : nothing
      }
      <section class="stack">
        <h2>${this.t('app.schools')}</h2>
        ${
          whole.grants.length === 0
            ? html`<p class="muted">${this.t('app.noSchools')}</p>`
            : html`<ul class="list">
                  ${whole.grants.map(
                    ({ school, scopes, since }) => html`<li class="item">
                      <div class="about">
                        <h3>${school.name}</h3>
                        <p class="small muted">
                          ${this.t('app.schoolSince', { number: school.instellingsnummer, date: formatDate(since, 'long') })}
                        </p>
                        <p class="small">${scopes.map((scope) => scopeLabel(this, reference.scopes, scope)).join(' · ')}</p>
                      </div>
                    </li>`,
                  )}
                </ul>
                <il-truncated ?more=${whole.moreGrants} shown=${whole.grants.length}></il-truncated>`
        }
      </section>
      ${
        this.changing
          ? html`<api-app-dialog
              .app=${app}
              .scopes=${reference.scopes}
              @api-saved=${this.#saved}
              @il-close=${() => (this.changing = false)}
            ></api-app-dialog>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-page': AppPage;
  }
}
