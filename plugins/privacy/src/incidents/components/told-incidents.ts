import type { Answer } from '@ilearn/core';
import { formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { toldRoutes } from '../told-routes.js';

type Told = Answer<typeof toldRoutes, 'GET', '/told-incidents'>['incidents'][number];

/** What the operator told the school about its incidents, until the school recorded it. Shows nothing if there is none. */
@customElement('privacy-told-incidents')
export class ToldIncidents extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      li {
        padding-block: var(--il-space-4);
      }
    `,
  ];

  readonly #told = new Task(this, {
    task: (_, { signal }) => privacy.get('/told-incidents', { signal }),
    args: () => [] as const,
  });

  override render() {
    const told = this.#told.value?.incidents ?? [];
    if (told.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="told">
      <h2 id="told">${this.t('incidents.told.from')}</h2>
      <p>${this.t('incidents.told.fromText')}</p>
      <ul class="list">
        ${told.map((each) => this.#one(each))}
      </ul>
    </section>`;
  }

  #one({ id, school, what, consequences, measures, people, at }: Told) {
    const lines = [
      ['what', what],
      ['consequences', consequences],
      ['measures', measures],
    ].filter(([, text]) => text !== '');
    return html`<li class="stack">
      <p class="strong">
        ${school} · ${this.t('incidents.told.people', { count: people })} · ${formatDate(at.toString(), 'time')}
      </p>
      ${lines.map(([field, text]) => html`<p><span class="muted">${this.t(`incidents.fields.${field}`)}</span><br />${text}</p>`)}
      <div class="actions">
        <wa-button appearance="outlined" @click=${() => this.#record(id)}>${this.t('incidents.told.record')}</wa-button>
      </div>
    </li>`;
  }

  async #record(id: string): Promise<void> {
    try {
      const recorded = await privacy.post('/told-incidents/:id/record', { params: { id } });
      navigate(`/beheer/privacy/incidenten/${recorded.id}`);
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-told-incidents': ToldIncidents;
  }
}
