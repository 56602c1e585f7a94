import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSummary } from '../exports.js';

/** Part of a teacher’s start page: one step to each of their classes and groups. */
@customElement('directory-start-classes')
export class StartClasses extends StartPart<{ classes: ClassSummary[] }> {
  static override ns = 'directory';

  protected override icon = 'users';

  protected override load(signal: AbortSignal) {
    return directory.get('/start/classes', { signal });
  }

  protected override heading(): string {
    return this.t('start.classes.heading');
  }

  protected override content({ classes }: { classes: ClassSummary[] }) {
    if (classes.length === 0) return nothing;
    return html`
      <ul class="chips">
        ${classes.map(
          ({ id, name, pupils }) => html`
            <li>
              <wa-button appearance="outlined" href="/klassen/${id}">
                ${name}<span class="visually-hidden">, </span> <span class="muted small">${this.t('classes.pupils', { count: pupils })}</span>
              </wa-button>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-start-classes': StartClasses;
  }
}
