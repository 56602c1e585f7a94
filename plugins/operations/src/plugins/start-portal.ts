import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { z } from 'zod';
import { operations } from '../client.js';
import type { portalState } from './start-routes.js';

type State = z.output<typeof portalState>;

/** Part of an administrator’s start page: modules out of service, failed work, version. */
@customElement('operations-start-portal')
export class StartPortal extends StartPart<State> {
  static override ns = 'operations';

  protected override icon = 'blocks';

  protected override load(signal: AbortSignal) {
    return operations.get('/start', { signal });
  }

  protected override heading(): string {
    return this.t('start.portal.heading');
  }

  protected override aside({ version }: State) {
    return html`<span class="muted small">${this.t('start.portal.version', { version })}</span>`;
  }

  protected override content({ plugins, out, failed, waiting, engine }: State) {
    return html`
      <ul class="list">
        <li>
          <a class="row" href="/beheer/modules">
            <span class="grow">
              <span class="strong">${this.t('start.portal.modules', { count: plugins })}</span>
              ${out.map(
                ({ id, state }) =>
                  html`<br /><span class=${state === 'quarantined' ? 'bad strong' : 'muted'}>${id}: ${this.t(`start.portal.states.${state}`)}</span>`,
              )}
            </span>
            ${out.length === 0 ? html`<span class="good">${this.t('start.portal.allWell')}</span>` : nothing}
          </a>
        </li>
        <li>
          <a class="row" href="/beheer/eerste-stappen"><span class="strong">${this.t('firstSteps.title')}</span></a>
        </li>
        <li>
          <a class="row" href="/beheer/wachtrijen">
            <span class="grow">
              <span class="strong ${failed > 0 ? 'bad' : ''}">${this.t('start.portal.failed', { count: failed })}</span><br />
              <span class="muted">${this.t('start.portal.waiting', { count: waiting })}</span>
            </span>
            ${engine ? nothing : html`<span class="bad strong">${this.t('start.portal.engineGone')}</span>`}
          </a>
        </li>
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-start-portal': StartPortal;
  }
}
