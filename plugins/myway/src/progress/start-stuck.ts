import { foreignLanguage, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { StuckPupil } from './start-model.js';

/** Part of a teacher’s start page: who is stuck, each one click from the cell of the board. */
@customElement('myway-start-stuck')
export class StartStuck extends StartPart<{ pupils: StuckPupil[]; more: number }> {
  static override ns = 'myway';

  protected override icon = 'triangle-alert';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/stuck', { signal });
  }

  protected override heading(): string {
    return this.t('start.stuck.heading');
  }

  protected override content({ pupils, more }: { pupils: StuckPupil[]; more: number }) {
    if (pupils.length === 0) return nothing;
    return html`
      <ul class="list">
        ${pupils.map(
          ({ assignmentId, stepId, pupil, stepTitle, language, className, why, tries }) => html`
            <li>
              <a class="row" href="/opvolging/${assignmentId}?leerling=${pupil.id}&stap=${stepId}">
                <span class="grow">
                  <span class="strong">${pupil.givenName} ${pupil.familyName}</span> <span class="muted">${className}</span><br />
                  <span lang=${foreignLanguage(language)}>${stepTitle}</span>
                </span>
                <span class="muted small">${this.t(`start.stuck.${why}`, { count: tries })}</span>
              </a>
            </li>
          `,
        )}
      </ul>
      ${more > 0 ? html`<p><a href="/opvolging">${this.t('start.stuck.more', { count: more })}</a></p>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-start-stuck': StartStuck;
  }
}
