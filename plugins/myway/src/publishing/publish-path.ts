import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { Publication } from './model.js';

/** Publishes the teacher's own path for colleagues of other schools; shows what changed in each published version. */
@customElement('myway-publish-path')
export class PublishPath extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      summary {
        min-height: var(--il-target);
        font-weight: 600;
        line-height: var(--il-target);
        cursor: pointer;
      }
      ol {
        padding: 0;
        list-style: none;
      }
      li {
        padding: var(--il-space-2) 0;
        border-bottom: 1px solid var(--il-rule);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() pathId = '';
  /** Whether the teacher owns the path and may publish. */
  @property({ type: Boolean }) own = false;

  @state() private publication: Publication | undefined;
  @state() private note = '';
  @state() private busy = false;

  async #load(): Promise<void> {
    try {
      this.publication = await myway.get('/paths/:id/publication', { params: { id: this.pathId } });
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #change(publish: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const params = { id: this.pathId };
    try {
      if (publish) await myway.post('/paths/:id/publication', { params, body: { note: this.note } });
      else await myway.delete('/paths/:id/publication', { params });
      this.note = '';
      notify({ kind: 'success', text: this.t(publish ? 'publish.asked' : 'publish.ended') });
      await this.#load();
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`<details @toggle=${(event: Event) => (event.target as HTMLDetailsElement).open && this.#load()}>
      <summary>${this.t('publish.heading')}</summary>
      <div class="stack">
        ${this.own ? this.#form() : nothing}
        ${this.#changes()}
      </div>
    </details>`;
  }

  #form() {
    const isPublished = this.publication !== undefined && this.publication.pathId !== null;
    return html`
      <p class="muted small">${this.t('publish.intro')}</p>
      <wa-input
        maxlength="500"
        .label=${this.t('publish.note')}
        .value=${this.note}
        @input=${(event: Event) => (this.note = (event.target as HTMLInputElement).value ?? '')}
      ></wa-input>
      <div class="actions">
        <wa-button size="s" appearance="outlined" ?loading=${this.busy} @click=${() => this.#change(true)}>
          ${this.t(isPublished ? 'publish.again' : 'publish.button')}
        </wa-button>
        ${
          isPublished
            ? html`<wa-button size="s" appearance="plain" ?disabled=${this.busy} @click=${() => this.#change(false)}>${this.t('publish.end')}</wa-button>`
            : nothing
        }
      </div>
    `;
  }

  #changes() {
    const changes = this.publication?.changes ?? [];
    if (changes.length === 0) return nothing;
    return html`<ol class="small" aria-label=${this.t('publish.changes')}>
      ${changes.map(({ at, school, note, added, removed, changed }) => {
        const facts = [
          added > 0 ? this.t('versions.added', { count: added }) : '',
          changed > 0 ? this.t('versions.changed', { count: changed }) : '',
          removed > 0 ? this.t('versions.removed', { count: removed }) : '',
        ].filter(Boolean);
        return html`<li><span class="strong">${formatDate(at, 'day')}</span> · ${[school, ...facts].join(' · ')}${note ? html`<br />${note}` : nothing}</li>`;
      })}
    </ol>`;
  }
}
