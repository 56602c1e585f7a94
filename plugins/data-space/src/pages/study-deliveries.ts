import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import { releaseStyles } from './release-styles.js';

/** When data of a study were fetched, and of how many people; it names nobody. */
@customElement('data-space-study-deliveries')
export class StudyDeliveries extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  /** Id of the study. */
  @property() study = '';

  readonly #found = new Task(this, {
    task: ([id], { signal }) => dataSpace.get('/studies/:id/deliveries', { params: { id }, signal }),
    args: () => [this.study] as const,
  });

  override render() {
    return this.#found.render({
      pending: () => html`<il-skeleton lines="2"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
      complete: (found) =>
        found.length === 0
          ? html`<p class="muted">${this.t('studies.noDeliveries')}</p>`
          : html`<ul class="plain small">
              ${found.map(
                ({ fetchedAt, from, to, people, rows }) =>
                  html`<li>
                    ${this.t('studies.fetched', { date: formatDate(fetchedAt), from: formatDate(from), to: formatDate(to) })}:
                    ${this.t('studies.people', { count: people })}, ${this.t('studies.rows', { count: rows })}
                  </li>`,
              )}
            </ul>`,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-study-deliveries': StudyDeliveries;
  }
}
