import { directory } from '@ilearn/plugin-directory/client';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { AppView } from '../apps/app.js';
import { appStyles } from '../apps/app-styles.js';
import { scopeLabel } from '../apps/scope-label.js';
import { stateMark } from '../apps/state-mark.js';
import { apps } from '../client.js';
import '../apps/app-dialog.js';

/** `/ontwikkelaars`: the apps of the developer's providers. */
@customElement('api-apps-page')
export class AppsPage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @state() private adding = false;

  #known = new Task(this, {
    task: async (_, { signal }) => {
      const [list, reference, { providers }] = await Promise.all([
        apps.get('/apps', { signal }),
        apps.get('/reference', { signal }),
        directory.get('/providers', { signal }),
      ]);
      return { ...list, scopes: reference.scopes, providers };
    },
    args: () => [],
  });

  #saved({ detail }: CustomEvent<AppView>): void {
    this.adding = false;
    notify({ kind: 'success', text: this.t('apps.registered', { name: detail.name }) });
    void this.#known.run();
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('apps.title')}>
        <p>${this.t('apps.intro')}</p>
        <wa-button slot="actions" appearance="outlined" href="/ontwikkelaars/naslag">${this.t('apps.reference')}</wa-button>
        ${
          this.can('app:approve')
            ? html`<wa-button slot="actions" appearance="outlined" href="/beheer/apps">${this.t('apps.approvals')}</wa-button>`
            : nothing
        }
        <wa-button slot="actions" variant="brand" @click=${() => (this.adding = true)}>
          <il-icon slot="start" name="plus"></il-icon>${this.t('apps.add')}
        </wa-button>
      </il-page-head>
      ${this.#known.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
        complete: (known) => html`
          ${
            known.apps.length === 0
              ? html`<il-empty icon="plug" heading=${this.t('apps.none')} text=${this.t('apps.noneText')}></il-empty>`
              : html`<ul class="list" aria-label=${this.t('apps.title')}>
                  ${known.apps.map(
                    (app) => html`<li class="item">
                      <div class="about">
                        <h2><a href="/ontwikkelaars/${app.id}">${app.name}</a></h2>
                        <p class="small muted">${app.provider.name}</p>
                        <p>${stateMark(this, app)}</p>
                        <p class="small">${app.scopes.map((scope) => scopeLabel(this, known.scopes, scope)).join(' · ')}</p>
                      </div>
                    </li>`,
                  )}
                </ul>
                <il-truncated ?more=${known.more} shown=${known.apps.length}></il-truncated>`
          }
          ${
            this.adding
              ? html`<api-app-dialog
                  .scopes=${known.scopes}
                  .providers=${known.providers}
                  @api-saved=${this.#saved}
                  @il-close=${() => (this.adding = false)}
                ></api-app-dialog>`
              : nothing
          }
        `,
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-apps-page': AppsPage;
  }
}
