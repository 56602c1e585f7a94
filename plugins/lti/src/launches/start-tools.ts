import { formatDate, StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { z } from 'zod';
import { lti } from '../client.js';
import type { failingTool } from './start-routes.js';

type Loaded = { tools: z.output<typeof failingTool>[] };

/** Part of the start page of those who keep the tools going: tools that could not be opened. */
@customElement('lti-start-tools')
export class StartTools extends StartPart<Loaded> {
  static override ns = 'lti';

  protected override icon = 'plug';

  protected override load(signal: AbortSignal) {
    return lti.get('/start/tools', { signal });
  }

  protected override heading(): string {
    return this.t('start.tools.heading');
  }

  protected override content({ tools }: Loaded) {
    if (tools.length === 0) return nothing;
    const mayManage = this.can('registration:manage');
    return html`
      <ul class="list">
        ${tools.map(
          ({ name, failures, launches, latest }) => html`
            <li class="row">
              <span class="grow">
                ${mayManage ? html`<a class="strong" href="/beheer/tools">${name}</a>` : html`<span class="strong">${name}</span>`}<br />
                <span class="bad">${this.t('start.tools.failures', { count: failures, launches })}</span>
              </span>
              <span class="muted small">${formatDate(latest, 'day')}</span>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-start-tools': StartTools;
  }
}
