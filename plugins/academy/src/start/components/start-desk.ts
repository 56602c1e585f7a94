import type { Answer } from '@ilearn/core';
import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { sessionText } from '../../shared/words.js';
import type { startRoutes } from '../routes.js';

type Loaded = Answer<typeof startRoutes, 'GET', '/start/desk'>;

/** Part of the start page of people of a provider: sessions to come, and requests that wait. */
@customElement('academy-start-desk')
export class StartDesk extends StartPart<Loaded> {
  static override ns = 'academy';

  protected override icon = 'calendar-days';

  protected override load(signal: AbortSignal) {
    return academy.get('/start/desk', { signal });
  }

  protected override heading(): string {
    return this.t('start.desk');
  }

  protected override aside() {
    return html`<a href="/academie/aanbod">${this.t('start.toDesk')}</a>`;
  }

  protected override content({ sessions, booked, bookedMore, approvals, coachings }: Loaded) {
    if (sessions.length + approvals + coachings === 0) return nothing;
    return html`<ul class="list">
        ${approvals === 0 ? nothing : this.#line('/academie/aanbod', this.t('start.approvals', { count: approvals }))}
        ${coachings === 0 ? nothing : this.#line('/academie/coachings', this.t('start.coachings', { count: coachings }))}
        ${sessions.map((session) =>
          this.#line(
            `/academie/moment/${session.event}`,
            session.title,
            html`${sessionText(session)} · ${this.t('desk.seats', { taken: session.taken, capacity: session.capacity })}`,
          ),
        )}
      </ul>
      ${booked === 0 ? nothing : html`<p class="muted">${this.t(bookedMore ? 'start.bookedMany' : 'start.booked', { count: booked })}</p>`}`;
  }

  #line(href: string, text: string, detail: unknown = nothing) {
    return html`<li>
      <a class="row" href=${href}><span class="grow strong">${text}</span><span class="muted">${detail}</span></a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-start-desk': StartDesk;
  }
}
