import { foreignLanguage, formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { Building } from './start-building-model.js';

/** Part of the start page of those who make paths: the paths that they changed last. */
@customElement('myway-start-building')
export class StartBuilding extends StartPart<{ paths: Building[] }> {
  static override ns = 'myway';

  protected override icon = 'pencil';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/building', { signal });
  }

  protected override heading(): string {
    return this.t('start.building.heading');
  }

  protected override content({ paths }: { paths: Building[] }) {
    if (paths.length === 0) return nothing;
    return html`
      <ul class="list">
        ${paths.map(
          ({ id, title, language, steps, changedAt }) => html`
            <li>
              <a class="row" href="/paden/${id}">
                <span class="grow">
                  <span class="strong" lang=${foreignLanguage(language)}>${title}</span><br />
                  <span class="muted">${this.t('start.building.steps', { count: steps })}</span>
                </span>
                <span class="muted small">${formatDate(changedAt, 'day')}</span>
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
    'myway-start-building': StartBuilding;
  }
}
