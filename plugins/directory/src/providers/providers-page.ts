import type { Answer } from '@ilearn/core';
import { navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import { providerKinds } from '../tenants.js';
import type { providerRoutes } from './routes.js';
import './provider-dialog.js';

type List = Answer<typeof providerRoutes, 'GET', '/providers'>;

/** More than most portals have; the page says if there are more. */
const shown = 500;

/** `/aanbieders`: providers of training and tools. */
@customElement('directory-providers')
export class ProvidersPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .name {
        overflow-wrap: anywhere;
        font-size: var(--il-text-l);
        font-weight: 680;
      }
      a.row:hover .name {
        text-decoration: underline;
        text-underline-offset: 0.18em;
      }
    `,
  ];

  @state() private adding = false;

  #list = new Task(this, {
    task: (_, { signal }) => directory.get('/providers', { query: { limit: shown }, signal }),
    args: () => [],
  });

  override render() {
    const mayAdd = this.can('provider:write');
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('providers.title')}>
          <p>${this.t('providers.intro')}</p>
          ${
            mayAdd
              ? html`<wa-button slot="actions" variant="brand" @click=${() => this.#add(true)}>
                  <il-icon slot="start" name="plus"></il-icon>${this.t('providers.add')}
                </wa-button>`
              : ''
          }
        </il-page-head>
        ${this.#list.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
          complete: (list) => this.#sections(list),
        })}
      </div>
      ${
        mayAdd
          ? html`<directory-provider-dialog
              .open=${this.adding}
              @il-close=${() => this.#add(false)}
              @directory-provider-saved=${({ detail }: CustomEvent<{ id: string }>) => navigate(`/aanbieders/${detail.id}`)}
            ></directory-provider-dialog>`
          : ''
      }
    `;
  }

  #add(open: boolean): void {
    this.adding = open;
  }

  #sections({ providers, more }: List) {
    if (providers.length === 0) {
      return html`<il-empty
        icon="building-2"
        heading=${this.t('providers.none')}
        text=${this.t(this.can('provider:write') ? 'providers.noneAdd' : 'providers.noneText')}
      ></il-empty>`;
    }
    return html`
      ${providerKinds.map((kind) => {
        const ofKind = providers.filter((provider) => provider.kind === kind);
        return ofKind.length === 0 ? '' : this.#section(this.t(`providers.kinds.${kind}`), ofKind);
      })}
      <il-truncated ?more=${more} shown=${providers.length}></il-truncated>
    `;
  }

  #section(title: string, providers: List['providers']) {
    return html`<section class="stack">
      <h2>${title}</h2>
      <ul class="list" aria-label=${title}>
        ${providers.map(
          ({ id, name }) => html`<li>
            <a class="row" href="/aanbieders/${id}">
              <span class="grow name">${name}</span>
              <il-icon name="chevron-right"></il-icon>
            </a>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-providers': ProvidersPage;
  }
}
