import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { SchoolStudyView } from '../studies/school-routes.js';
import { releaseStyles } from './release-styles.js';

interface ClassChoice {
  id: string;
  name: string;
  pupils: number;
}

/** `/beheer/onderzoek`: studies that ask people of a school. The head of the school agrees or not, and chooses the classes. */
@customElement('data-space-school-studies-page')
export class SchoolStudiesPage extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  /** The study for which classes are chosen. */
  @state() private choosing: { of: SchoolStudyView; classes: readonly ClassChoice[]; chosen: ReadonlySet<string> } | null = null;
  @state() private busy = false;

  readonly #all = new Task(this, { task: (_, { signal }) => dataSpace.get('/school-studies', { signal }), args: () => [] });

  async #act(text: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
      notify({ kind: 'success', text });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#all.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  async #choose(of: SchoolStudyView): Promise<void> {
    try {
      const classes = await dataSpace.get('/school-studies/:school/classes', { params: { school: of.school } });
      this.choosing = { of, classes, chosen: new Set(of.classes) };
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  async #agree(event: Event): Promise<void> {
    event.preventDefault();
    if (this.choosing === null) return;
    const { of, chosen } = this.choosing;
    this.choosing = null;
    await this.#act(this.t('schoolStudies.agreed'), () =>
      dataSpace.put('/school-studies/:study/:school', {
        params: { study: of.study.id, school: of.school },
        body: { answer: 'agreed', classes: [...chosen] },
      }),
    );
  }

  async #refuse({ study, school, state: at }: SchoolStudyView): Promise<void> {
    const what = at === 'agreed' ? 'stop' : 'refuse';
    const sure = await confirmDialog({
      title: this.t(`schoolStudies.${what}Sure`, { title: study.title }),
      text: this.t(`schoolStudies.${what}Text`),
      confirm: this.t(`schoolStudies.${what}`),
      danger: at === 'agreed',
    });
    if (!sure) return;
    await this.#act(this.t('schoolStudies.refused'), () =>
      dataSpace.put('/school-studies/:study/:school', { params: { study: study.id, school }, body: { answer: 'refused' } }),
    );
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('schoolStudies.title')}><p>${this.t('schoolStudies.lead')}</p></il-page-head>
      ${this.#all.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#all.run()}></il-problem>`,
        complete: (found) =>
          found.length === 0
            ? html`<il-empty
                icon="flask-conical"
                heading=${this.t('schoolStudies.none')}
                text=${this.t('schoolStudies.noneText')}
              ></il-empty>`
            : html`<ul class="list">
                ${found.map((each) => this.#study(each, found))}
              </ul>`,
      })}
      ${this.choosing === null ? nothing : this.#classes(this.choosing)}
    </div>`;
  }

  #study(each: SchoolStudyView, all: readonly SchoolStudyView[]) {
    const { study, state: at, schoolName, classes } = each;
    const hasMore = new Set(all.map(({ school }) => school)).size > 1;
    const isRunning = study.state === 'approved';
    return html`<li class="item">
      <div class="about">
        <h2>${study.title}</h2>
        <p class="small muted">
          ${hasMore ? html`${schoolName} · ` : nothing}${study.organisation} · ${formatDate(study.startsOn)} –
          ${formatDate(study.endsOn)} ·
          <strong>${isRunning ? this.t(`schoolStudies.state.${at}`) : this.t('studies.state.ended')}</strong>
        </p>
        <p>${study.why}</p>
        <dl class="facts">
          ${this.#fact('researcher', study.researcher)} ${this.#fact('contact', study.contact)}
          ${this.#fact('ethics', study.ethics)}
          ${this.#fact('data', study.measures.map((measure) => this.t(`measures.${measure}`)).join(', '))}
          ${this.#fact('names', this.t(study.names ? 'studies.withNames' : 'studies.withoutNames'))}
          ${at === 'agreed' ? this.#fact('classes', `${classes.length}`) : nothing}
        </dl>
      </div>
      <div class="actions">
        ${isRunning ? this.#button(at === 'agreed' ? 'more' : 'agree', study.title, () => this.#choose(each)) : nothing}
        ${
          at === 'agreed' && isRunning
            ? this.#button('stop', study.title, () => this.#refuse(each))
            : at === 'asked' && isRunning
              ? this.#button('refuse', study.title, () => this.#refuse(each))
              : nothing
        }
      </div>
    </li>`;
  }

  #fact(label: string, value: string) {
    return html`<div>
      <dt>${this.t(`schoolStudies.facts.${label}`)}</dt>
      <dd>${value}</dd>
    </div>`;
  }

  #classes({ of, classes, chosen }: { of: SchoolStudyView; classes: readonly ClassChoice[]; chosen: ReadonlySet<string> }) {
    return html`<il-dialog heading=${this.t('schoolStudies.chooseHeading')} .open=${true} @il-close=${() => (this.choosing = null)}>
      <form @submit=${this.#agree}>
        <p>${this.t('schoolStudies.chooseText', { title: of.study.title })}</p>
        <fieldset>
          <legend class="strong">${this.t('schoolStudies.facts.classes')}</legend>
          ${classes.map(
            ({ id, name, pupils }) => html`<wa-checkbox
              .checked=${chosen.has(id)}
              @change=${(event: Event) => {
                const next = new Set(chosen);
                if ((event.target as HTMLInputElement).checked) next.add(id);
                else next.delete(id);
                this.choosing = { of, classes, chosen: next };
              }}
              >${name} <span class="muted">${this.t('schoolStudies.pupils', { count: pupils })}</span></wa-checkbox
            >`,
          )}
        </fieldset>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.choosing = null)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?disabled=${chosen.size === 0} @click=${this.#agree}
        >${this.t('schoolStudies.agree')}</wa-button
      >
    </il-dialog>`;
  }

  #button(label: 'agree' | 'more' | 'refuse' | 'stop', title: string, act: () => unknown) {
    return html`<wa-button size="s" appearance="outlined" ?disabled=${this.busy} @click=${() => void act()}>
      ${this.t(`schoolStudies.${label}`)}<span class="visually-hidden"> – ${title}</span>
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-school-studies-page': SchoolStudiesPage;
  }
}
