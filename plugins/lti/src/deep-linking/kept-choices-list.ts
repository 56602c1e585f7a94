import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { lti } from '../client.js';
import type { choiceRoutes } from './routes.js';

type Kept = Answer<typeof choiceRoutes, 'GET', '/choices/kept'>['kept'][number];

/** The activities that a teacher chose in tools, to withdraw from the library. */
@customElement('lti-kept-choices')
export class KeptChoicesList extends PortalElement {
  static override ns = 'lti';
  static override styles = [sharedStyles];

  readonly #kept = new Task(this, { task: (_, { signal }) => lti.get('/choices/kept', { signal }), args: () => [] });

  async #withdraw({ id, title }: Kept): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('kept.withdrawTitle', { title }),
      text: this.t('kept.withdrawText'),
      confirm: this.t('kept.withdraw'),
      danger: true,
    });
    if (!sure) return;
    try {
      const { withdrawn } = await lti.delete('/choices/kept/:id', { params: { id } });
      notify({ kind: 'success', text: this.t(withdrawn ? 'kept.withdrawn' : 'kept.stays', { title }) });
      await this.#kept.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    return this.#kept.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#kept.run()}></il-problem>`,
      complete: ({ kept, more }) =>
        kept.length === 0
          ? nothing
          : html`<section class="stack" aria-labelledby="kept">
              <h2 id="kept">${this.t('kept.title')}</h2>
              <ul class="list" aria-labelledby="kept">
                ${kept.map((each) => this.#item(each))}
              </ul>
              <il-truncated ?more=${more} shown=${kept.length}></il-truncated>
            </section>`,
    });
  }

  #item(each: Kept) {
    const facts = [each.tool, formatDate(each.keptAt, 'day'), each.own ? '' : this.t('kept.ofColleague')];
    return html`<li class="row">
      <span class="grow">
        <a class="strong" href="/bibliotheek/${each.activityId}">${each.title}</a><br />
        <span class="muted small">${facts.filter(Boolean).join(' · ')}</span>
      </span>
      <wa-button appearance="outlined" @click=${() => this.#withdraw(each)}>
        ${this.t('kept.withdraw')}<span class="visually-hidden"> – ${each.title}</span>
      </wa-button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-kept-choices': KeptChoicesList;
  }
}
