import { navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PathDetail, PathSummary } from './model.js';
import { type Template, templateContent, templates } from './templates.js';

/**
 * Asks for the title of a new path or copy, and opens its builder.
 * @fires il-close - closed without creating
 */
@customElement('myway-new-path-dialog')
export class NewPathDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property({ type: Boolean }) open = false;

  /** The path to copy; undefined to create an empty one. */
  @property({ attribute: false }) copyOf: Pick<PathSummary, 'id' | 'title'> | undefined;

  @state() private name = '';
  @state() private template: Template = 'empty';
  @state() private schools: { id: string; name: string }[] = [];
  @state() private school = '';
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && this.open) {
      this.name = this.copyOf?.title ?? '';
      this.template = 'empty';
      this.problem = undefined;
      void this.#loadSchools();
    }
  }

  async #loadSchools(): Promise<void> {
    try {
      this.schools = await myway.get('/schools');
      this.school ||= this.schools[0]?.id ?? '';
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #make(event: Event): Promise<void> {
    event.preventDefault();
    if (this.name.trim() === '' || this.busy) return;
    this.busy = true;
    try {
      const school = this.schools.length > 1 ? { school: this.school } : {};
      const body = { title: this.name, ...school };
      const path =
        this.copyOf === undefined
          ? await this.#begun(await myway.post('/paths', { body }))
          : await myway.post('/paths/:id/copy', { params: { id: this.copyOf.id }, body });
      this.emit('il-close');
      await navigate(`/paden/${path.id}`);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  /** A new path with the steps of the chosen template. */
  async #begun(path: PathDetail): Promise<PathDetail> {
    if (this.template === 'empty') return path;
    const { id, version, title, description, sequence } = path;
    const body = { version, title, description, sequence, ...templateContent(this, this.template) };
    return myway.put('/paths/:id', { params: { id }, body });
  }

  override render() {
    return html`
      <il-dialog heading=${this.t(this.copyOf === undefined ? 'paths.newHeading' : 'paths.copyHeading')} ?open=${this.open}>
        <form id="form" class="stack" @submit=${this.#make}>
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <wa-input
            autofocus
            required
            maxlength="200"
            .label=${this.t('paths.name')}
            .hint=${this.t('paths.nameHint')}
            .value=${this.name}
            @input=${(event: Event) => (this.name = (event.target as HTMLInputElement).value ?? '')}
            @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#make(event)}
          ></wa-input>
          ${
            this.copyOf === undefined
              ? html`<wa-select
                .label=${this.t('templates.label')}
                .value=${this.template}
                @change=${(event: Event) => (this.template = (event.target as HTMLSelectElement).value as Template)}
              >${templates.map((name) => html`<wa-option value=${name}>${this.t(`templates.${name}`)}</wa-option>`)}</wa-select>`
              : nothing
          }
          ${
            this.schools.length > 1
              ? html`<wa-select
                .label=${this.t('paths.school')}
                .value=${this.school}
                @change=${(event: Event) => (this.school = (event.target as HTMLSelectElement).value)}
              >${this.schools.map((school) => html`<wa-option value=${school.id}>${school.name}</wa-option>`)}</wa-select>`
              : nothing
          }
        </form>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button
          slot="footer"
          appearance="accent"
          variant="brand"
          ?disabled=${this.name.trim() === ''}
          ?loading=${this.busy}
          @click=${this.#make}
        >${this.t('paths.make')}</wa-button>
      </il-dialog>
    `;
  }
}
