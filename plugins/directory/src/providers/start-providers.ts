import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ProviderSummary } from '../exports.js';

type Loaded = { providers: (ProviderSummary & { people: number })[] };

/** Part of the start page of people of a provider: their provider and its people. */
@customElement('directory-start-providers')
export class StartProviders extends StartPart<Loaded> {
  static override ns = 'directory';

  protected override icon = 'building-2';

  protected override load(signal: AbortSignal) {
    return directory.get('/start/providers', { signal });
  }

  protected override heading(): string {
    return this.t('start.providers.heading');
  }

  protected override content({ providers }: Loaded) {
    if (providers.length === 0) return nothing;
    return html`
      <ul class="list">
        ${providers.map(
          ({ id, name, people }) => html`
            <li>
              <a class="row" href="/aanbieders/${id}">
                <span class="grow strong">${name}</span>
                <span class="muted">${this.t('start.providers.people', { count: people })}</span>
              </a>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-start-providers': StartProviders;
  }
}
