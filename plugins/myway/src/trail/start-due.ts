import { foreignLanguage, formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { DuePath } from './start-model.js';

/** Part of a pupil's start page: paths that are due within a week, or late. */
@customElement('myway-start-due')
export class StartDue extends StartPart<{ paths: DuePath[] }> {
  static override ns = 'myway';

  protected override icon = 'calendar-days';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/due', { signal });
  }

  protected override heading(): string {
    return this.t('start.due.heading');
  }

  protected override content({ paths }: { paths: DuePath[] }) {
    if (paths.length === 0) return nothing;
    return html`
      <ul class="list">
        ${paths.map(
          ({ assignmentId, title, language, dueOn, late, done, total }) => html`
            <li>
              <a class="row" href="/mijn-paden/${assignmentId}">
                <span class="grow">
                  <span class="strong" lang=${foreignLanguage(language)}>${title}</span><br />
                  <span class="muted">${this.t('trail.progress', { done, total })}</span>
                </span>
                <span class=${late ? 'warn strong' : ''}>${late ? this.t('start.due.late') : formatDate(dueOn, 'day')}</span>
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
    'myway-start-due': StartDue;
  }
}
