import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { library } from '../../client.js';

/** Whether the website of a link answers, and a button to report that it does not. Empty for other activities. */
@customElement('library-link-state')
export class LibraryLinkState extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .broken {
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) activityId = '';

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => (await library.get('/activities/:id/link', { params: { id }, signal })).link,
    args: () => [this.activityId],
  });

  override render() {
    // The page is about the activity: what cannot be said of its link is left out.
    const link = this.#loaded.value;
    if (link === undefined || link === null) return nothing;
    const { state, checkedAt, movedTo, reports } = link;
    const date = checkedAt === null ? '' : formatDate(new Date(checkedAt));
    const text = state === 'unknown' ? '' : this.t(`links.state.${state}`, { date });
    return html`
      <div class="line">
        ${text === '' ? nothing : html`<p class=${state === 'broken' ? 'broken' : 'muted small'}>${text}</p>`}
        ${state === 'moved' && movedTo !== null ? html`<p><a href=${movedTo} target="_blank" rel="noopener noreferrer">${this.t('links.newPlace')}</a></p>` : nothing}
        ${
          reports > 0
            ? html`<p class="muted small">${this.t('links.reported')}</p>`
            : this.can('library:write')
              ? html`<wa-button appearance="plain" size="small" @click=${() => this.#report()}>${this.t('links.report')}</wa-button>`
              : nothing
        }
      </div>
    `;
  }

  async #report(): Promise<void> {
    try {
      await library.post('/activities/:id/link/reports', { params: { id: this.activityId } });
      notify({ kind: 'success', text: this.t('links.thanks') });
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-link-state': LibraryLinkState;
  }
}
