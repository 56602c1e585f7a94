import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { apps } from '../client.js';
import type { AppView } from './app.js';
import { appStyles } from './app-styles.js';
import { type ScopeTitle, scopeLabel } from './scope-label.js';
import { stateMark } from './state-mark.js';

/** `/beheer/apps`: what waits for approval, and all apps with a way to stop them. */
@customElement('api-approvals-page')
export class ApprovalsPage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  /** What is asked a reason for. */
  @state() private asked: { app: AppView; act: 'refuse' | 'suspend' } | null = null;
  @state() private reason = '';
  @state() private busy = false;

  #known = new Task(this, {
    task: async (_, { signal }) => {
      const [waiting, all, reference] = await Promise.all([
        apps.get('/approvals', { signal }),
        apps.get('/apps', { signal }),
        apps.get('/reference', { signal }),
      ]);
      return { waiting, all, scopes: reference.scopes };
    },
    args: () => [],
  });

  async #done(text: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
      notify({ kind: 'success', text });
      this.asked = null;
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#known.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #approve(app: AppView): Promise<void> {
    const { id, name, description, website, scopes } = app;
    const body = { name, description, website, scopes };
    return this.#done(this.t('approvals.approved', { name }), () => apps.post('/apps/:id/approve', { params: { id }, body }));
  }

  #ask(app: AppView, act: 'refuse' | 'suspend'): void {
    this.reason = '';
    this.asked = { app, act };
  }

  #because(event: Event): Promise<void> | undefined {
    event.preventDefault();
    if (this.asked === null || this.reason.trim() === '') return;
    const { app, act } = this.asked;
    const call = { params: { id: app.id }, body: { reason: this.reason } };
    const text = this.t(act === 'refuse' ? 'approvals.refused' : 'approvals.suspended', { name: app.name });
    return this.#done(text, () =>
      act === 'refuse' ? apps.post('/apps/:id/refuse', call) : apps.post('/apps/:id/suspend', call),
    );
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('approvals.title')} .back=${{ href: '/ontwikkelaars', text: this.t('apps.title') }}>
        <p>${this.t('approvals.intro')}</p>
      </il-page-head>
      ${this.#known.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
        complete: ({ waiting, all, scopes }) => html`
          ${
            waiting.apps.length === 0
              ? html`<il-empty icon="check-check" heading=${this.t('approvals.none')} text=${this.t('approvals.noneText')}></il-empty>`
              : html`<ul class="list" aria-label=${this.t('approvals.title')}>
                  ${waiting.apps.map((app) => this.#waiting(app, scopes))}
                </ul>`
          }
          <il-truncated ?more=${waiting.more} shown=${waiting.apps.length}></il-truncated>
          ${
            all.apps.length === 0
              ? nothing
              : html`<section class="stack">
                  <h2>${this.t('approvals.all')}</h2>
                  <ul class="list">
                    ${all.apps.map((app) => this.#app(app))}
                  </ul>
                  <il-truncated ?more=${all.more} shown=${all.apps.length}></il-truncated>
                </section>`
          }
        `,
      })}
      ${this.asked === null ? nothing : this.#reasonDialog(this.asked)}
    </div>`;
  }

  #waiting(app: AppView, scopes: readonly ScopeTitle[]) {
    const asks = (names: readonly string[]) => names.map((name) => scopeLabel(this, scopes, name)).join(' · ');
    const { approved } = app;
    return html`<li class="item">
      <div class="about">
        <h2>${app.name}</h2>
        <p class="small muted">${app.provider.name} · <a href=${app.website} rel="noreferrer" target="_blank">${app.website}</a></p>
        <p>${app.description}</p>
        <dl>
          <dt>${this.t('approvals.wish')}</dt>
          <dd>${asks(app.scopes)}</dd>
          ${
            approved === null
              ? nothing
              : html`<dt>${this.t('approvals.before')}</dt>
                  <dd>${approved.name} · ${asks(approved.scopes)}</dd>`
          }
        </dl>
      </div>
      <div class="actions">
        ${this.#button('approve', app, () => void this.#approve(app))} ${this.#button('refuse', app, () => this.#ask(app, 'refuse'))}
      </div>
    </li>`;
  }

  #app(app: AppView) {
    return html`<li class="item">
      <div class="about">
        <h3>${app.name}</h3>
        <p class="small muted">${app.provider.name}</p>
        <p>${stateMark(this, app)}</p>
        ${app.reason === null ? nothing : html`<p class="small">${this.t('app.reason')}: ${app.reason}</p>`}
      </div>
      <div class="actions">
        ${app.state === 'suspended' ? this.#button('approve', app, () => void this.#approve(app)) : nothing}
        ${app.state === 'approved' ? this.#button('suspend', app, () => this.#ask(app, 'suspend')) : nothing}
      </div>
    </li>`;
  }

  #button(label: 'approve' | 'refuse' | 'suspend', app: AppView, act: () => void) {
    return html`<wa-button size="s" appearance="outlined" @click=${act}>
      ${this.t(`approvals.${label}`)}<span class="visually-hidden"> – ${app.name}</span>
    </wa-button>`;
  }

  #reasonDialog({ app, act }: { app: AppView; act: 'refuse' | 'suspend' }) {
    const heading = this.t(act === 'refuse' ? 'approvals.refuseTitle' : 'approvals.suspendTitle', { name: app.name });
    return html`<il-dialog heading=${heading} .open=${true} @il-close=${() => (this.asked = null)}>
      <form @submit=${this.#because}>
        ${act === 'suspend' ? html`<p>${this.t('approvals.suspendText')}</p>` : nothing}
        <wa-textarea
          rows="3"
          required
          .label=${this.t('approvals.reason')}
          .hint=${this.t('approvals.reasonHint')}
          .value=${this.reason}
          @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.asked = null)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#because}>
        ${this.t(act === 'refuse' ? 'approvals.refuse' : 'approvals.suspend')}
      </wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-approvals-page': ApprovalsPage;
  }
}
