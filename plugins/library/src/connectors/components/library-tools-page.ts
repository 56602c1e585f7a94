import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { toolRoutes } from '../routes.js';
import '../../activities/components/library-tool-facts.js';

type Known = Answer<typeof toolRoutes, 'GET', '/tools'>;
type Tool = Known['tools'][number];
type School = { id: string; name: string };

/** `/bibliotheek/aanbod`: the external tools with their facts; an ICT coordinator switches them on and off for the school. */
@customElement('library-tools-page')
export class LibraryToolsPage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .tool {
        display: grid;
        gap: var(--il-space-4) var(--il-space-6);
        padding-block: var(--il-space-5);
        border-bottom: 1px solid var(--il-rule);
      }
      h2 {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
      }
      h2 img {
        width: 40px;
        height: 40px;
        border-radius: var(--il-radius);
      }
      .off {
        font-weight: 600;
        color: var(--il-ink-soft);
      }
      .schools {
        display: grid;
        gap: var(--il-space-2);
      }
      @media (min-width: 60rem) {
        .tool {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  readonly #known = new Task(this, {
    task: async (_, { signal }) => {
      const [known, { schools }] = await Promise.all([
        library.get('/tools', { signal }),
        this.can('library:tools') ? library.get('/schools', { signal }) : { schools: [] },
      ]);
      return { ...known, schools: schools.filter(({ id }) => known.mayDecideFor.includes(id)) };
    },
    args: () => [],
  });

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('tools.title')} .back=${{ href: '/bibliotheek', text: this.t('search.title') }}>
          <p>${this.t('tools.intro')} <a href="/bibliotheek/links">${this.t('links.title')}</a></p>
        </il-page-head>
        ${this.#known.render({
          pending: () => (this.#known.value ? this.#list(this.#known.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
          complete: (known) => this.#list(known),
        })}
      </div>
    `;
  }

  #list({ tools, schools }: Known & { schools: School[] }) {
    if (tools.length === 0) return html`<il-empty icon="library" heading=${this.t('tools.none')}></il-empty>`;
    return tools.map(
      (tool) => html`<section class="tool" aria-labelledby=${`tool-${tool.key}`}>
        <div class="stack">
          <h2 id=${`tool-${tool.key}`}>
            ${tool.about?.logo ? html`<img src=${tool.about.logo} alt="" />` : nothing}<span>${tool.name}</span>
          </h2>
          <p class="muted">${tool.provider}</p>
          <p>${tool.description}</p>
          <p>
            <a href="/bibliotheek?${new URLSearchParams({ provider: tool.provider })}"
              >${this.t('tools.activities', { count: tool.activities, name: tool.name })}</a
            >
          </p>
          ${this.#switches(tool, schools)}
        </div>
        <library-tool-facts .tool=${tool}></library-tool-facts>
      </section>`,
    );
  }

  #switches(tool: Tool, schools: School[]) {
    if (schools.length === 0)
      return tool.switchedOff.length === 0
        ? nothing
        : html`<p class="off">${this.t('tools.off', { count: tool.switchedOff.length })}</p>`;
    return html`<div class="schools">
      ${schools.map(
        ({
          id,
          name,
        }) => html`<wa-switch .checked=${!tool.switchedOff.includes(id)} @change=${(event: Event) => this.#switch(tool, { id, name }, event)}
          >${this.t('tools.inSchool', { tool: tool.name, school: name })}</wa-switch
        >`,
      )}
    </div>`;
  }

  async #switch(tool: Tool, school: School, event: Event): Promise<void> {
    const on = (event.target as HTMLInputElement).checked;
    try {
      await library.put('/tools/:key/schools/:school', { params: { key: tool.key, school: school.id }, body: { on } });
      notify({
        kind: 'success',
        text: this.t(on ? 'tools.switchedOn' : 'tools.switchedOff', { name: tool.name, school: school.name }),
      });
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
    await this.#known.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-tools-page': LibraryToolsPage;
  }
}
