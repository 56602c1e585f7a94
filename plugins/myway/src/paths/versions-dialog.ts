import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PathDetail } from './model.js';
import { stationsOfPath } from './stations.js';
import type { PathVersion, VersionDetail } from './version-model.js';

/**
 * Earlier versions of a path: who saved them, what changed, how they looked; and bringing one back.
 * @fires il-close - closed
 * @fires myway-restored - a version was brought back
 */
@customElement('myway-versions-dialog')
export class VersionsDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      ol {
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        gap: var(--il-space-2);
        padding: var(--il-space-3) 0;
        border-bottom: 1px solid var(--il-rule);
      }
    `,
  ];

  @property({ attribute: false }) path: PathDetail | undefined;
  @property({ type: Boolean }) open = false;

  @state() private versions: readonly PathVersion[] | undefined;
  @state() private shown: VersionDetail | undefined;
  @state() private problem: unknown;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && this.open) void this.#load();
  }

  async #load(): Promise<void> {
    this.shown = undefined;
    try {
      this.versions = (await myway.get('/paths/:id/versions', { params: { id: this.path?.id } })).versions;
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #show(version: number): Promise<void> {
    try {
      this.shown = await myway.get('/paths/:id/versions/:version', { params: { id: this.path?.id, version } });
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #restore(version: number): Promise<void> {
    try {
      await myway.post('/paths/:id/versions/:version/restore', {
        params: { id: this.path?.id, version },
        body: { current: this.path?.version ?? 0 },
      });
      notify({ kind: 'success', text: this.t('versions.restored') });
      this.emit('myway-restored');
      this.emit('il-close');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  override render() {
    return html`
      <il-dialog heading=${this.t('versions.heading')} ?open=${this.open}>
        <div class="stack">
          <p class="muted">${this.t('versions.intro')}</p>
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>` : this.#list()}
        </div>
        <wa-button slot="footer" appearance="outlined" @click=${() => this.emit('il-close')}>${this.t('close')}</wa-button>
      </il-dialog>
    `;
  }

  #list() {
    const { versions } = this;
    if (versions === undefined) return html`<il-skeleton lines="4"></il-skeleton>`;
    if (versions.length === 0) return html`<p>${this.t('versions.none')}</p>`;
    return html`<ol aria-label=${this.t('versions.heading')}>${versions.map((each) => this.#version(each))}</ol>`;
  }

  #version(version: PathVersion) {
    const isNow = version.version === this.path?.version;
    const date = formatDate(version.savedAt, 'time');
    return html`<li>
      <p>
        <span class="strong">${date}</span>
        <span class="muted small">${[this.#by(version), isNow ? this.t('versions.now') : '', this.#changes(version)].filter(Boolean).map((fact) => ` · ${fact}`)}</span>
      </p>
      ${this.shown?.version === version.version ? this.#look(this.shown) : nothing}
      <div class="actions">
        <wa-button size="s" appearance="outlined" @click=${() => this.#show(version.version)}>${this.t('versions.look')}<span class="visually-hidden">${date}</span></wa-button>
        ${
          isNow
            ? nothing
            : html`<wa-button size="s" appearance="outlined" @click=${() => this.#restore(version.version)}>${this.t('versions.restore')}<span class="visually-hidden">${date}</span></wa-button>`
        }
      </div>
    </li>`;
  }

  #by({ mine, by }: PathVersion): string {
    return mine ? this.t('versions.you') : (by ?? this.t('paths.formerColleague'));
  }

  #changes({ added, removed, changed }: PathVersion): string {
    const facts = [
      added > 0 ? this.t('versions.added', { count: added }) : '',
      changed > 0 ? this.t('versions.changed', { count: changed }) : '',
      removed > 0 ? this.t('versions.removed', { count: removed }) : '',
    ];
    return facts.filter(Boolean).join(', ');
  }

  #look(shown: VersionDetail) {
    return html`<div class="stack">
      <h3>${shown.title}</h3>
      ${shown.description ? html`<p>${shown.description}</p>` : nothing}
      <il-line color=${colourOf(this.path?.area ?? null)} label=${shown.title} .stations=${stationsOfPath(shown)}></il-line>
    </div>`;
  }
}
