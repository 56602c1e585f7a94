import { formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { z } from 'zod';
import { directory } from '../client.js';
import type { rosterState } from './start-routes.js';

type Loaded = { schools: z.output<typeof rosterState>[]; more: boolean };

/** Part of the start page of those who manage a school: how the rolls of their schools are. */
@customElement('directory-start-rosters')
export class StartRosters extends StartPart<Loaded> {
  static override ns = 'directory';

  protected override icon = 'school';

  protected override load(signal: AbortSignal) {
    return directory.get('/start/rosters', { signal });
  }

  protected override heading(): string {
    return this.t('start.rosters.heading');
  }

  protected override aside() {
    return this.can('roster:import') ? html`<a href="/school/importeren">${this.t('start.rosters.import')}</a>` : nothing;
  }

  protected override content({ schools, more }: Loaded) {
    return html`
      <ul class="list">
        ${schools.map(
          ({ name, pupils, staff, classes, withoutClass, importedAt }) => html`
            <li class="row">
              <span class="grow">
                <a class="strong" href="/school">${name}</a><br />
                ${this.t('start.rosters.pupils', { count: pupils })} · ${this.t('start.rosters.staff', { count: staff })} ·
                ${this.t('start.rosters.classes', { count: classes })}<br />
                <span class="muted">${
                  importedAt === null
                    ? this.t('start.rosters.never')
                    : this.t('start.rosters.imported', { date: formatDate(importedAt, 'time') })
                }</span>
              </span>
              ${withoutClass > 0 ? html`<span class="warn strong">${this.t('start.rosters.withoutClass', { count: withoutClass })}</span>` : nothing}
            </li>
          `,
        )}
      </ul>
      ${more ? html`<p><a href="/school">${this.t('start.rosters.more')}</a></p>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-start-rosters': StartRosters;
  }
}
