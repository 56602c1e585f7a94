import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PathFault } from './check-path.js';
import type { Draft } from './draft.js';
import { faultsOf } from './draft-structure.js';

const isOfActivity = ({ code }: PathFault): boolean =>
  code === 'unavailable' || code === 'no-licence' || code === 'not-for-pupils' || code === 'link-broken';

/**
 * What is wrong in the path as it is written, or what pupils would not reach; each with a button that goes there.
 * @fires myway-select - `{ key }` of a step or `{ block }`
 */
@customElement('myway-path-faults')
export class PathFaults extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        gap: var(--il-space-1);
        margin: 0 0 var(--il-space-3);
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        align-items: center;
      }
      .error {
        color: var(--il-bad);
        font-weight: 600;
      }
      button {
        padding: 0;
        color: inherit;
        font: inherit;
        text-align: start;
        text-decoration: underline;
        background: none;
        border: 0;
        cursor: pointer;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) draft: Draft | undefined;

  override render() {
    const { draft } = this;
    if (draft === undefined) return nothing;
    // The list of steps already says which are for teachers. What can be mended by replacing one activity comes last.
    const found = faultsOf(draft).filter(({ code }) => code !== 'teacher-only');
    const faults = [...found.filter((fault) => !isOfActivity(fault)), ...found.filter(isOfActivity)];
    if (faults.length === 0) return nothing;
    return html`<div role="status"><ul aria-label=${this.t('faults.label')}>
      ${faults.slice(0, 5).map(({ code, isError, step, block }) => {
        const about = draft.steps.find(({ key }) => key === step);
        const index = about === undefined ? -1 : draft.steps.indexOf(about);
        const within = draft.blocks.find(({ id }) => id === block);
        const name = about
          ? `${index + 1}. ${about.title || about.shownTitle}`
          : within?.title || this.t(`block.${within?.kind ?? 'branch'}`);
        return html`<li class=${isError ? 'error' : ''}>
          <il-icon name="triangle-alert"></il-icon>
          <button type="button" @click=${() => this.emit('myway-select', about ? { key: about.key } : { block })}>${name}</button>
          <span>${this.t(`faults.${code}`)}</span>
        </li>`;
      })}
    </ul></div>`;
  }
}
