import { formatDate, type PortalElement } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { scoreText } from '../client/line.js';
import type { Work } from './model.js';

export const handedInStyles = css`
  .handed-in {
    display: grid;
    gap: var(--il-space-3);
    padding: var(--il-space-4) var(--il-space-5);
    background: var(--il-surface);
    border: 1px solid var(--il-rule);
    border-radius: var(--il-radius);
  }
  .words {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .files {
    display: grid;
    gap: var(--il-space-2);
    padding: 0;
    list-style: none;
  }
  .files a {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    overflow-wrap: anywhere;
  }
  .files img {
    display: block;
    max-width: min(100%, 15rem);
    border-radius: var(--il-radius);
  }
`;

/**
 * What was handed in: words and files.
 *
 * @param address where files are, such as `/api/myway/work`
 */
export function handedInWork(element: PortalElement, { handedIn }: Work, address: string) {
  if (handedIn === null) return nothing;
  return html`<div class="handed-in">
    <p class="muted small">${element.t('task.handedInAt', { date: formatDate(handedIn.handedInAt, 'time') })}</p>
    ${handedIn.text ? html`<p class="words">${handedIn.text}</p>` : nothing}
    ${
      handedIn.files.length === 0
        ? nothing
        : html`<ul class="files" aria-label=${element.t('task.files')}>
          ${handedIn.files.map(
            ({ id, name, picture }) => html`<li>
              <a href="${address}/${id}" download>
                ${picture ? html`<img src="${address}/${id}?thumbnail=true" alt="" />` : html`<il-icon name="file-text"></il-icon>`}${name}
              </a>
            </li>`,
          )}
        </ul>`
    }
  </div>`;
}

/** The teacher's answer, as pupil and teacher see it. */
export function answerOf(element: PortalElement, work: Work, heading: string) {
  if (!work.answered) return nothing;
  return html`<div class="handed-in">
    <p class="strong">${heading}${work.score === null ? '' : ` · ${scoreText(element, work.score)}`}</p>
    ${work.comment ? html`<p class="words">${work.comment}</p>` : nothing}
  </div>`;
}
