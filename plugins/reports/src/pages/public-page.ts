import { mayOpen, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { publicSource } from '../figures/source.js';
import './figure-set.js';

/** `/cijfers`: figures about the portal for everybody, also without signing in. */
@customElement('reports-public-page')
export class PublicPage extends PortalElement {
  static override ns = 'reports';
  static override styles = [sharedStyles];

  readonly #source = publicSource();

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('public.title')}><p>${this.t('public.lead')}</p></il-page-head>
      <reports-figure-set .source=${this.#source} whole></reports-figure-set>
      <p class="no-print"><a href="/cijfers/programma">${this.t('tool.link')}</a></p>
      <section class="stack">
        <h2>${this.t('open.heading')}</h2>
        <p>${this.t('open.text')}</p>
        <p><a href="/api/reports/catalog" download="catalog.jsonld">${this.t('open.catalog')}</a></p>
        ${mayOpen('/open-data') ? html`<p><a href="/open-data">${this.t('open.releases')}</a></p>` : nothing}
      </section>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-public-page': PublicPage;
  }
}
