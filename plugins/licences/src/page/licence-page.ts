import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { licences } from '../client.js';
import type { schoolRoutes } from '../school/routes.js';
import { periodOf, seatsOf } from './licence-words.js';
import { pageStyles } from './page-styles.js';

type Detail = Answer<typeof schoolRoutes, 'GET', '/schools/:school/licences/:plan'>;
type Holders = Answer<typeof schoolRoutes, 'GET', '/schools/:school/licences/:plan/seats'>;

const mostHolders = 200;

/** `/licenties/:plan`: one licence of a school, and to whom it is handed out. */
@customElement('licences-licence-page')
export class LicencePage extends PortalElement {
  static override ns = 'licences';
  static override styles = [sharedStyles, pageStyles];

  @property({ attribute: false }) params: Record<string, string> = {};
  @property({ attribute: false }) query = new URLSearchParams();

  @state() private problem: unknown;
  @state() private busy = false;

  /** A notification leads here without a school: then it is the one of the person's schools that has the licence. */
  readonly #loaded = new Task(this, {
    task: async ([plan, asked], { signal }) => {
      const schools = asked === null ? (await directory.get('/schools', { signal })).schools.map(({ id }) => id) : [asked];
      let failed: unknown;
      for (const school of schools.slice(0, 20)) {
        try {
          const params = { school, plan };
          const detail = await licences.get('/schools/:school/licences/:plan', { params, signal });
          const holders = await licences.get('/schools/:school/licences/:plan/seats', {
            params,
            query: { limit: mostHolders },
            signal,
          });
          this.emit('il-title', { title: detail.licence.name });
          return { school, ...detail, holders };
        } catch (problem) {
          failed = problem;
        }
      }
      throw failed;
    },
    args: () => [this.params['plan'] ?? '', this.query.get('school')] as const,
  });

  async #do(act: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(done) });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
      await this.#loaded.run();
    }
  }

  override render() {
    return html`<div class="page">
      ${this.#loaded.render({
        pending: () =>
          html`<il-page-head heading=${this.t('licence.title')}></il-page-head><il-skeleton lines="6"></il-skeleton>`,
        error: (problem) =>
          html`<il-page-head heading=${this.t('licence.title')}></il-page-head><il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        complete: ({ school, licence, classes, holders }) => html`
          ${this.#head(school, licence)}
          ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
          ${this.#choice(school, licence)} ${this.#classes(school, licence, classes)} ${this.#people(school, licence, holders)}
        `,
      })}
    </div>`;
  }

  #head(school: string, licence: Detail['licence']) {
    const t = (key: string, options?: object) => this.t(key, options as never);
    const most = licence.mostSeats ?? licence.seats;
    return html`<il-page-head heading=${licence.name} .back=${{ href: `/licenties?school=${school}`, text: this.t('school.title') }}>
      <p>${licence.provider} · ${licence.tools.map(({ name }) => name).join(', ')} · ${this.t(`states.${licence.state}`)}</p>
      <p>
        ${periodOf(t, licence)} · ${seatsOf(t, licence)}
        ${licence.graceDays > 0 ? html` · ${this.t('terms.grace', { count: licence.graceDays })}` : nothing}
        ${licence.price === '' ? nothing : html` · ${licence.price}`}
      </p>
      ${most === null ? nothing : html`<p class="strong">${this.t('school.seatsTaken', { taken: licence.mostSeats === null ? licence.used : licence.usedHere, most })}</p>`}
    </il-page-head>`;
  }

  #isOver({ state: is }: Detail['licence']): boolean {
    return is === 'ended' || is === 'grace' || is === 'withdrawn';
  }

  #choice(school: string, { id, onlyChosen, ...licence }: Detail['licence']) {
    return html`<section aria-labelledby="choice">
      <h2 id="choice">${this.t('licence.who')}</h2>
      <wa-switch
        .checked=${onlyChosen}
        ?disabled=${this.#isOver({ id, onlyChosen, ...licence })}
        hint=${this.t(onlyChosen ? 'licence.onlyChosenHint' : 'licence.everybodyHint')}
        @change=${(event: Event) =>
          this.#do(
            () =>
              licences.put('/schools/:school/licences/:plan/choice', {
                params: { school, plan: id },
                body: { onlyChosen: (event.target as HTMLInputElement).checked },
              }),
            'licence.chosen',
          )}
        >${this.t('licence.onlyChosen')}</wa-switch
      >
    </section>`;
  }

  #classes(school: string, licence: Detail['licence'], classes: Detail['classes']) {
    const params = { school, plan: licence.id };
    return html`<section aria-labelledby="classes">
      <h2 id="classes">${this.t('licence.classes')}</h2>
      ${
        classes.length === 0
          ? html`<p class="muted">${this.t('licence.noClasses')}</p>`
          : html`<ul class="list">
            ${classes.map(
              ({ id, name, pupils }) => html`<li class="row">
                <span class="grow"><a href="/klassen/${id}">${name}</a> · ${this.t('licence.pupils', { count: pupils })}</span>
                <wa-button size="small" appearance="plain" @click=${() => this.#takeFromClass(params, id, name)}>${this.t('licence.takeBack')}<span class="visually-hidden"> – ${name}</span></wa-button>
              </li>`,
            )}
          </ul>`
      }
      ${
        this.#isOver(licence)
          ? nothing
          : html`<il-combobox
            label=${this.t('licence.addClass')}
            hint=${this.t(licence.seats === null ? 'licence.addClassHint' : 'licence.addClassSeatsHint')}
            .search=${async (text: string, signal: AbortSignal) => {
              const found = await directory.get('/classes', { query: { of: 'school', school }, signal });
              const given = new Set(classes.map(({ id }) => id));
              return found.classes
                .filter(({ id, name }) => !given.has(id) && name.toLowerCase().includes(text.toLowerCase()))
                .slice(0, 50)
                .map(({ id, name, pupils }) => ({ value: id, label: name, detail: this.t('licence.pupils', { count: pupils }) }));
            }}
            .value=${''}
            @il-change=${({ detail }: CustomEvent<{ value: string }>) =>
              detail.value === ''
                ? undefined
                : this.#do(
                    () => licences.post('/schools/:school/licences/:plan/classes', { params, body: { class: detail.value } }),
                    'licence.given',
                  )}
          ></il-combobox>`
      }
    </section>`;
  }

  async #takeFromClass(params: { school: string; plan: string }, id: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('licence.takeClassTitle', { name }),
      text: this.t('licence.takeClassText'),
      confirm: this.t('licence.takeBack'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(
      () => licences.post('/schools/:school/licences/:plan/classes/:class/removal', { params: { ...params, class: id } }),
      'licence.taken',
    );
  }

  #people(school: string, licence: Detail['licence'], { seats, more }: Holders) {
    const params = { school, plan: licence.id };
    return html`<section aria-labelledby="people">
      <h2 id="people">${this.t('licence.people')}</h2>
      ${
        seats.length === 0
          ? html`<p class="muted">${this.t('licence.noPeople')}</p>`
          : html`<ul class="list">
              ${seats.map(
                ({ person, name, takenAt }) => html`<li class="row">
                  <span class="grow"><a href="/personen/${person}">${name || this.t('licence.left')}</a><br /><span class="muted small">${formatDate(takenAt, 'long')}</span></span>
                  <wa-button size="small" appearance="plain" @click=${() => this.#takeFromPerson(params, person)}>${this.t('licence.takeBack')}<span class="visually-hidden"> – ${name}</span></wa-button>
                </li>`,
              )}
            </ul>
            <il-truncated ?more=${more} shown=${seats.length}></il-truncated>`
      }
      ${
        this.#isOver(licence)
          ? nothing
          : html`<il-combobox
            label=${this.t('licence.addPerson')}
            hint=${this.t('licence.addPersonHint')}
            .search=${async (text: string, signal: AbortSignal) => {
              if (text.trim().length < 2) return [];
              const { people } = await directory.get('/people', { query: { search: text, school, size: 20 }, signal });
              return people.map(({ id, givenName, familyName, classes }) => ({
                value: id,
                label: `${givenName} ${familyName}`,
                detail: classes.join(', '),
              }));
            }}
            .value=${''}
            @il-change=${({ detail }: CustomEvent<{ value: string }>) =>
              detail.value === ''
                ? undefined
                : this.#do(
                    () => licences.post('/schools/:school/licences/:plan/seats', { params, body: { person: detail.value } }),
                    'licence.given',
                  )}
          ></il-combobox>`
      }
    </section>`;
  }

  async #takeFromPerson(params: { school: string; plan: string }, person: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('licence.takePersonTitle'),
      text: this.t('licence.takePersonText'),
      confirm: this.t('licence.takeBack'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(
      () => licences.post('/schools/:school/licences/:plan/seats/:person/removal', { params: { ...params, person } }),
      'licence.taken',
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'licences-licence-page': LicencePage;
  }
}
