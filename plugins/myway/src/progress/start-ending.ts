import { foreignLanguage, formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { Ending } from './start-model.js';

/** Part of a teacher’s start page: paths that are due within a week. */
@customElement('myway-start-ending')
export class StartEnding extends StartPart<{ paths: Ending[] }> {
  static override ns = 'myway';

  protected override icon = 'calendar-check';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/ending', { signal });
  }

  protected override heading(): string {
    return this.t('start.ending.heading');
  }

  protected override content({ paths }: { paths: Ending[] }) {
    if (paths.length === 0) return nothing;
    return html`
      <ul class="list">
        ${paths.map(
          ({ assignmentId, title, language, className, dueOn, pupils, complete, notStarted }) => html`
            <li>
              <a class="row" href="/opvolging/${assignmentId}">
                <span class="grow">
                  <span class="strong" lang=${foreignLanguage(language)}>${title}</span> <span class="muted">${className}</span><br />
                  ${this.t('start.ending.complete', { count: complete, pupils })}${
                    notStarted > 0 ? html` · ${this.t('start.ending.notStarted', { count: notStarted })}` : nothing
                  }
                </span>
                <span>${formatDate(dueOn, 'day')}</span>
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
    'myway-start-ending': StartEnding;
  }
}
