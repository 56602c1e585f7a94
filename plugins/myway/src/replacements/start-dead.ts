import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { DeadActivity } from './model.js';

/** How many activities the part names. */
const named = 3;

/** Part of the start page of teachers and ICT coordinators: activities in their paths that no longer work. */
@customElement('myway-start-dead')
export class StartDead extends StartPart<{ activities: DeadActivity[]; more: boolean }> {
  static override ns = 'myway';

  protected override icon = 'unplug';

  protected override load(signal: AbortSignal) {
    return myway.get('/dead-activities', { signal });
  }

  protected override heading(): string {
    return this.t('start.dead.heading');
  }

  protected override content({ activities }: { activities: DeadActivity[] }) {
    if (activities.length === 0) return nothing;
    return html`
      <ul class="list">
        ${activities.slice(0, named).map(
          (each) => html`<li>
            <a class="row" href="/paden/vervangen">
              <span class="grow">
                <span class="strong">${each.title}</span><br />
                ${this.t('replace.paths', { count: each.paths + each.sharedPaths })}
              </span>
              ${each.pupils > 0 ? html`<span class="warn small">${this.t('replace.pupils', { count: each.pupils })}</span>` : nothing}
            </a>
          </li>`,
        )}
      </ul>
      ${
        activities.length > named
          ? html`<p><a href="/paden/vervangen">${this.t('start.dead.all', { count: activities.length })}</a></p>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-start-dead': StartDead;
  }
}
