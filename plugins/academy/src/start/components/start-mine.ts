import type { Answer } from '@ilearn/core';
import { formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { sessionText } from '../../shared/words.js';
import type { startRoutes } from '../routes.js';

type Loaded = Answer<typeof startRoutes, 'GET', '/start/mine'>;

/** Part of the start page of people of schools: seats that are offered to them, and their next sessions. */
@customElement('academy-start-mine')
export class StartMine extends StartPart<Loaded> {
  static override ns = 'academy';

  protected override icon = 'graduation-cap';

  protected override load(signal: AbortSignal) {
    return academy.get('/start/mine', { signal });
  }

  protected override heading(): string {
    return this.t('mine.title');
  }

  protected override content({ offered, sessions }: Loaded) {
    if (offered.length + sessions.length === 0) return nothing;
    return html`<ul class="list">
      ${offered.map(({ event, title, until }) => this.#line(event, title, this.t('start.offered', { until: formatDate(until, 'time') })))}
      ${sessions.map((session) => this.#line(session.event, session.title, sessionText(session)))}
    </ul>`;
  }

  #line(event: string, title: string, detail: string) {
    return html`<li>
      <a class="row" href="/academie/mijn/${event}"><span class="grow strong">${title}</span><span class="muted">${detail}</span></a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-start-mine': StartMine;
  }
}
