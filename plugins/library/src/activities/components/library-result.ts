import { foreignLanguage, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ActivitySummary } from '../../exports.js';
import { kindMark, kindMarkStyles } from './kind-mark.js';
import { factsOf, licenceBadge } from './words.js';

/** A search result. */
@customElement('library-result')
export class LibraryResult extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    kindMarkStyles,
    css`
      :host {
        container-type: inline-size;
      }
      article {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 var(--il-space-4);
        align-items: start;
        padding: var(--il-space-4) var(--il-space-1);
      }
      .kind-mark {
        margin-top: 1px;
      }
      h3 {
        overflow-wrap: anywhere;
      }
      h3 a:any-link {
        color: inherit;
        text-decoration-color: transparent;
      }
      h3 a:hover {
        text-decoration-color: currentcolor;
      }
      .main {
        display: grid;
        gap: var(--il-space-1);
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.5em;
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      .facts span:not(:last-child, :has(+ .only))::after {
        content: ' ·';
      }
      .only {
        margin-inline-start: 0.25em;
        padding: 0 0.6em;
        color: var(--il-ink);
        font-weight: 600;
        border: 1px solid var(--il-edge);
        border-radius: 999px;
      }
      .about {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow-wrap: anywhere;
      }
      @container (max-width: 34rem) {
        article {
          grid-template-columns: auto minmax(0, 1fr);
        }
        .actions {
          grid-column: 2;
        }
        .actions > * {
          margin-top: var(--il-space-3);
        }
      }
    `,
  ];

  @property({ attribute: false }) activity!: ActivitySummary;

  override render() {
    const { activity } = this;
    const { id, title, description, concepts, teacherOnly } = activity;
    const about = description.trim() !== '' && description.trim() !== title.trim() ? description : '';
    const lang = foreignLanguage(activity.language);
    return html`
      <article aria-labelledby="title">
        ${kindMark(activity)}
        <div class="main">
          <h3 id="title" lang=${lang}><a href="/bibliotheek/${id}">${title}</a></h3>
          <p class="facts">
            ${factsOf((key, options) => this.t(key, options), activity).map((fact) => html`<span>${fact}</span>`)}
            ${teacherOnly ? html`<span class="only">${this.t('values.audience.teacher')}</span>` : nothing}
            ${licenceBadge(activity) === null ? nothing : html`<span class="only">${this.t(`licence.${licenceBadge(activity)}`)}</span>`}
            ${activity.linkBroken ? html`<span class="only">${this.t('links.brokenShort')}</span>` : nothing}
          </p>
          ${about ? html`<p class="about" lang=${lang}>${about}</p>` : nothing}
          ${
            concepts.length > 0
              ? html`<p class="facts" aria-label=${this.t('activity.concepts')}>
                  ${concepts.slice(0, 3).map(({ label }) => html`<span>${label}</span>`)}
                  ${concepts.length > 3 ? html`<span>${this.t('activity.moreConcepts', { count: concepts.length - 3 })}</span>` : nothing}
                </p>`
              : nothing
          }
        </div>
        <div class="actions"><il-slot name="library.activity-actions" .context=${{ activityId: id, kind: activity.kind }}></il-slot></div>
      </article>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-result': LibraryResult;
  }
}
