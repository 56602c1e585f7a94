import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { schoolRoutes } from './routes.js';

type Releases = Answer<typeof schoolRoutes, 'PATCH', '/schools/:id/releases'>;

/** Two switches for the personal data that tools may get. Each change is saved immediately. */
@customElement('directory-school-releases')
export class SchoolReleases extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      wa-switch {
        padding-block: var(--il-space-2);
      }
    `,
  ];

  @property() school = '';

  @property({ attribute: false }) releases: Releases = { name: false, email: false };

  override render() {
    return html`
      <section class="stack">
        <h2>${this.t('releases.title')}</h2>
        <p class="muted">${this.t('releases.text')}</p>
        <div>${this.#switch('name')} ${this.#switch('email')}</div>
      </section>
    `;
  }

  #switch(what: keyof Releases) {
    return html`<div>
      <wa-switch .checked=${this.releases[what]} .hint=${this.t(`releases.${what}Hint`)} @change=${(event: Event) => this.#set(what, event)}>
        ${this.t(`releases.${what}`)}
      </wa-switch>
    </div>`;
  }

  async #set(what: keyof Releases, event: Event): Promise<void> {
    const box = event.target as HTMLInputElement;
    const on = box.checked;
    try {
      this.releases = await directory.patch('/schools/:id/releases', { params: { id: this.school }, body: { [what]: on } });
      notify({ kind: 'success', text: this.t(`releases.${on ? 'on' : 'off'}.${what}`) });
    } catch (problem) {
      box.checked = !on;
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-school-releases': SchoolReleases;
  }
}
