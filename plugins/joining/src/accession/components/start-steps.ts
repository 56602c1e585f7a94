import type { Answer } from '@ilearn/core';
import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { joining } from '../../client.js';
import type { accessionRoutes } from '../routes.js';

type Loaded = Answer<typeof accessionRoutes, 'GET', '/steps'>;
const mostShown = 8;

/** Part of the start page of the first people of a school: what they still set. */
@customElement('joining-start-steps')
export class StartSteps extends StartPart<Loaded> {
  static override ns = 'joining';

  protected override icon = 'school';

  protected override load(signal: AbortSignal) {
    return joining.get('/steps', { signal });
  }

  protected override heading(): string {
    return this.t('steps.title');
  }

  protected override content({ schools }: Loaded) {
    const unfinished = schools.filter(({ finished }) => !finished).slice(0, mostShown);
    if (unfinished.length === 0) return nothing;
    return html`<ul class="list">
      ${unfinished.map(
        ({ name, steps }) => html`<li>
          <a class="row" href="/aansluiten">
            <span class="grow strong">${name}</span>
            <span>${this.t('steps.open', { count: Object.values(steps).filter((state) => state === 'open').length })}</span>
          </a>
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-start-steps': StartSteps;
  }
}
