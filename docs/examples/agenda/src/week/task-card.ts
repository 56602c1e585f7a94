import type { Answer } from '@ilearn/core';
import { formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { diaryRoutes } from '../diary/routes.js';

type Task = Answer<typeof diaryRoutes, 'GET', '/classes/:classId/week'>['tasks'][number];

/**
 * One task.
 * @fires agenda-tick - the pupil ticks it off (`detail` true) or takes that back
 * @fires agenda-remove - the teacher wants to take it back
 */
@customElement('agenda-task-card')
export class TaskCard extends PortalElement {
  static override ns = 'agenda';
  static override styles = [
    sharedStyles,
    css`
      article {
        display: grid;
        gap: var(--il-space-2);
        padding: var(--il-space-4);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
        overflow-wrap: anywhere;
      }
      article.done h4 {
        text-decoration: line-through;
      }
      h4 {
        margin: 0;
        font-size: var(--il-text-m);
        font-weight: 680;
      }
      .details {
        white-space: pre-line;
      }
      .photos {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
      .photos img {
        display: block;
        width: 72px;
        height: 72px;
        object-fit: cover;
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
    `,
  ];

  @property({ attribute: false }) task!: Task;

  /** Whether the reader may take it back. */
  @property({ type: Boolean }) changeable = false;

  override render() {
    const { subject, title, details, minutes, teacher, photos, done, ticked } = this.task;
    return html`<article class=${done ? 'done' : ''}>
      <p class="small muted">${[subject, formatMinutes(minutes), teacher].filter(Boolean).join(' · ')}</p>
      <h4>${title}</h4>
      ${details === '' ? nothing : html`<p class="details">${details}</p>`} ${this.#photos(photos)}
      ${
        this.can('homework:tick')
          ? html`<wa-checkbox .checked=${done} @change=${(event: Event) => this.emit('agenda-tick', (event.target as HTMLInputElement).checked)}>
              ${this.t('task.done')}<span class="visually-hidden"> ${title}</span>
            </wa-checkbox>`
          : nothing
      }
      ${
        ticked === null
          ? nothing
          : html`<div class="actions">
              <span class="small muted grow">${this.t('task.ticked', { count: ticked })}</span>
              ${this.changeable ? this.#removeAction(title) : nothing}
            </div>`
      }
    </article>`;
  }

  #removeAction(title: string) {
    return html`<wa-button size="s" appearance="plain" @click=${() => this.emit('agenda-remove')}>
      <il-icon name="trash-2" label=${this.t('task.removeNamed', { title })}></il-icon>
    </wa-button>`;
  }

  #photos(photos: readonly string[]) {
    if (photos.length === 0) return nothing;
    return html`<ul class="photos">
      ${photos.map((id, index) => {
        const name = this.t('task.photo', { number: index + 1, title: this.task.title });
        return html`<li>
          <a href="/api/agenda/photos/${id}" target="_blank"><img src="/api/agenda/photos/${id}?thumbnail=true" alt=${name} loading="lazy" /></a>
        </li>`;
      })}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agenda-task-card': TaskCard;
  }
}
