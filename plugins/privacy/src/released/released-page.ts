import type { Answer } from '@ilearn/core';
import { api, formatNumber, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { releasedRoutes } from './routes.js';

type Loaded = Answer<typeof releasedRoutes, 'GET', '/schools/:id/tools'>;
type Tool = Loaded['tools'][number];
type Field = Tool['withheld'][number];
type School = Answer<typeof releasedRoutes, 'GET', '/schools'>['schools'][number];

const fields = ['name', 'email', 'members'] as const;

/** `/beheer/privacy/programmas`: what each exercise program may have, and what it got. */
@customElement('privacy-released-page')
export class ReleasedPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      article {
        padding-block: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      h3 {
        margin: 0;
      }
      table {
        max-width: 44rem;
      }
    `,
  ];

  @state() private school = '';

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => (await privacy.get('/schools', { signal })).schools,
    args: () => [] as const,
    onComplete: ([first]) => {
      if (this.school === '' && first !== undefined) this.school = first.id;
    },
  });

  readonly #tools = new Task(this, {
    task: ([id], { signal }) =>
      id === '' ? Promise.resolve(null) : privacy.get('/schools/:id/tools', { params: { id }, signal }),
    args: () => [this.school] as const,
  });

  /** Addresses of privacy statements, by key of the tool; none where the portal has no library, or the reader may not see it. */
  readonly #statements = new Task(this, {
    task: async (_, { signal }) => {
      interface Listed {
        tools: { key: string; about: { privacyStatement: string } | null }[];
      }
      const { tools } = await api.get<Listed>('/api/library/tools', { signal }).catch((): Listed => ({ tools: [] }));
      return new Map(tools.flatMap(({ key, about }) => (about === null ? [] : [[key, about.privacyStatement] as const])));
    },
    args: () => [] as const,
  });

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('released.title')} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
          <p>${this.t('released.intro')}</p>
        </il-page-head>
        ${this.#choice(this.#schools.value ?? [])}
        ${this.#tools.render({
          pending: () => (this.#tools.value ? this.#list(this.#tools.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#tools.run()}></il-problem>`,
          complete: (loaded) => (loaded === null ? nothing : this.#list(loaded)),
        })}
      </div>
    `;
  }

  #choice(schools: readonly School[]) {
    if (schools.length < 2) return nothing;
    return html`<il-combobox
      label=${this.t('released.school')}
      .options=${schools.map(({ id, name }) => ({ value: id, label: name }))}
      .value=${this.school}
      @il-change=${({ detail }: CustomEvent<{ value: string }>) => this.#choose(detail.value)}
    ></il-combobox>`;
  }

  #choose(school: string): void {
    this.school = school;
  }

  #list({ tools, releases }: Loaded) {
    if (tools.length === 0) {
      return html`<il-empty icon="plug" heading=${this.t('released.none')} text=${this.t('released.noneText')}></il-empty>`;
    }
    return html`${tools.map((tool) => this.#tool(tool, releases))}`;
  }

  #tool(tool: Tool, releases: Loaded['releases']) {
    const statement = this.#statements.value?.get(tool.key);
    const asked = fields.filter((field) => tool.asks[field]);
    return html`<article class="stack" aria-label=${tool.name}>
      <h2>${tool.name}</h2>
      ${
        statement === undefined
          ? nothing
          : html`<p><a href=${statement} rel="noopener noreferrer" target="_blank">${this.t('released.statement')}</a></p>`
      }
      ${
        asked.length === 0
          ? html`<p class="muted">${this.t('released.asksNothing')}</p>`
          : html`<div class="stack">
              ${asked.map(
                (field) => html`<div>
                  <wa-switch
                    .checked=${!tool.withheld.includes(field)}
                    .hint=${field !== 'members' && !releases[field] ? this.t('released.schoolSaysNo') : ''}
                    @change=${(event: Event) => this.#set(tool, field, event)}
                    >${this.t(`released.may.${field}`)}</wa-switch
                  >
                </div>`,
              )}
            </div>`
      }
      ${this.#released(tool)}
    </article>`;
  }

  #released({ released }: Tool) {
    if (released.length === 0) return html`<p class="muted">${this.t('released.nothing')}</p>`;
    return html`<details>
      <summary>${this.t('released.got')}</summary>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">${this.t('released.month')}</th>
            <th scope="col">${this.t('released.field')}</th>
            <th scope="col">${this.t('released.way')}</th>
            <th scope="col" class="number">${this.t('released.times')}</th>
          </tr>
        </thead>
        <tbody>
          ${released.map(
            ({ month, field, way, times }) => html`<tr>
              <td data-label=${this.t('released.month')}>${month}</td>
              <th scope="row">${this.t(`released.fields.${field}`)}</th>
              <td data-label=${this.t('released.way')}>${this.t(`released.ways.${way}`)}</td>
              <td class="number" data-label=${this.t('released.times')}>${formatNumber(times)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }

  async #set(tool: Tool, field: Field, event: Event): Promise<void> {
    const box = event.target as HTMLInputElement;
    const on = box.checked;
    const withheld = tool.withheld.filter((each) => each !== field);
    if (!on) withheld.push(field);
    try {
      await privacy.put('/schools/:id/tools/:key', { params: { id: this.school, key: tool.key }, body: { withheld } });
      tool.withheld = withheld;
      notify({ kind: 'success', text: this.t(on ? 'released.on' : 'released.off', { tool: tool.name }) });
    } catch (problem) {
      box.checked = !on;
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-released-page': ReleasedPage;
  }
}
