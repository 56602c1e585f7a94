import { foreignLanguage, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { Arrived } from './start-model.js';

/** Part of a teacher’s start page: what pupils finished in the last days. */
@customElement('myway-start-arrived')
export class StartArrived extends StartPart<{ paths: Arrived[] }> {
  static override ns = 'myway';

  protected override icon = 'inbox';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/arrived', { signal });
  }

  protected override heading(): string {
    return this.t('start.arrived.heading');
  }

  protected override content({ paths }: { paths: Arrived[] }) {
    if (paths.length === 0) return nothing;
    return html`
      <ul class="list">
        ${paths.map(
          ({ assignmentId, title, language, className, steps, pupils, low }) => html`
            <li>
              <a class="row" href="/opvolging/${assignmentId}">
                <span class="grow">
                  <span class="strong" lang=${foreignLanguage(language)}>${title}</span> <span class="muted">${className}</span><br />
                  ${this.t('start.arrived.steps', { count: steps })} ${this.t('start.arrived.pupils', { count: pupils })}
                </span>
                ${low > 0 ? html`<span class="warn small">${this.t('start.arrived.low', { count: low })}</span>` : nothing}
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
    'myway-start-arrived': StartArrived;
  }
}
