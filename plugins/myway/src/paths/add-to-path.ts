import { type ComboboxOption, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';

/** For the slot `library.activity-actions`: adds the activity to one of the teacher's paths, or to a new one. */
@customElement('myway-add-to-path')
export class AddToPath extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  /** Context of the slot. */
  @property({ attribute: false }) context: { activityId: string } | undefined;

  @state() private open = false;
  @state() private pathId = '';
  @state() private name = '';
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #search = async (text: string, signal: AbortSignal): Promise<ComboboxOption[]> => {
    const { paths } = await myway.get('/paths', {
      query: { scope: 'own', q: text, limit: 20 },
      signal,
    });
    return paths.map((path) => ({
      value: path.id,
      label: path.title,
      detail: this.t('paths.steps', { count: path.steps.length }),
    }));
  };

  #show(): void {
    this.pathId = '';
    this.name = '';
    this.problem = undefined;
    this.open = true;
  }

  async #add(): Promise<void> {
    const activityId = this.context?.activityId;
    if (activityId === undefined || this.busy) return;
    this.busy = true;
    try {
      const path =
        this.pathId === ''
          ? await myway.post('/paths', { body: { title: this.name, activityIds: [activityId] } })
          : await myway.post('/paths/:id/steps', { params: { id: this.pathId }, body: { activityId } });
      this.open = false;
      notify({
        kind: 'success',
        text: this.t('add.added', { title: path.title }),
        action: { label: this.t('add.go'), run: () => void navigate(`/paden/${path.id}`) },
      });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`
      <wa-button size="s" appearance="outlined" @click=${this.#show}>
        <il-icon slot="start" name="route"></il-icon>${this.t('add.button')}
      </wa-button>
      ${this.open ? this.#dialog() : nothing}
    `;
  }

  #dialog() {
    return html`
      <il-dialog heading=${this.t('add.heading')} open @il-close=${() => (this.open = false)}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <il-combobox
            .label=${this.t('add.path')}
            .placeholder=${this.t('add.pathPlaceholder')}
            .value=${this.pathId}
            .search=${this.#search}
            @il-change=${({ detail }: CustomEvent<{ value: string }>) => (this.pathId = detail.value)}
          ></il-combobox>
          ${
            this.pathId === ''
              ? html`<wa-input
                maxlength="200"
                .label=${this.t('add.newPath')}
                .value=${this.name}
                @input=${(event: Event) => (this.name = (event.target as HTMLInputElement).value ?? '')}
              ></wa-input>`
              : nothing
          }
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => (this.open = false)}>${this.t('cancel')}</wa-button>
        <wa-button
          slot="footer"
          appearance="accent"
          variant="brand"
          ?disabled=${this.pathId === '' && this.name.trim() === ''}
          ?loading=${this.busy}
          @click=${this.#add}
        >${this.t('add.confirm')}</wa-button>
      </il-dialog>
    `;
  }
}
