import { ApiProblem, ensureRecentSignIn, formatDate, kernel, locale, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Exported } from './routes.js';

const POLL_MS = 1_000;

/** Requests an export of a person's data, shows its progress, and offers the download. */
@customElement('privacy-export')
export class PersonExport extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      wa-progress-bar {
        max-width: 26rem;
      }
    `,
  ];

  /** Id of the person; empty for the signed-in person. */
  @property() person = '';

  @state() private asking = false;

  #poll: ReturnType<typeof setTimeout> | undefined;

  #status = new Task(this, {
    task: async ([person], { signal }) => {
      const answer = person
        ? await privacy.get('/people/:id/export', { params: { id: person }, signal })
        : await kernel.get('/privacy/export', { signal });
      return answer.export;
    },
    args: () => [this.person] as const,
    onComplete: (found) => {
      clearTimeout(this.#poll);
      if (found?.state === 'waiting' || found?.state === 'running')
        this.#poll = setTimeout(() => void this.#status.run(), POLL_MS);
    },
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#poll);
  }

  async #ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      if (this.person) await privacy.post('/people/:id/export', { params: { id: this.person } });
      else await kernel.post('/privacy/export');
      await this.#status.run();
    } catch (problem) {
      const tooMany = problem instanceof ApiProblem && problem.status === 429;
      notify({ kind: 'error', text: tooMany ? this.t('export.tooMany') : (problem as Error).message });
    } finally {
      this.asking = false;
    }
  }

  override render() {
    return this.#status.render({
      pending: () =>
        this.#status.value === undefined ? html`<il-skeleton lines="1"></il-skeleton>` : this.#told(this.#status.value),
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#status.run()}></il-problem>`,
      complete: (found) => this.#told(found),
    });
  }

  #told(found: Exported | null) {
    const { state } = found ?? { state: null };
    const busy = state === 'waiting' || state === 'running';
    return html`
      <div class="stack">
        <div role="status">${found === null ? nothing : this.#state(found)}</div>
        ${
          busy
            ? nothing
            : html`<div class="actions">
                ${state === 'ready' ? this.#download(found as Exported) : nothing}
                <wa-button
                  variant=${state === 'ready' ? 'neutral' : 'brand'}
                  appearance=${state === 'ready' ? 'outlined' : 'accent'}
                  ?loading=${this.asking}
                  @click=${() => this.#ask()}
                >
                  <il-icon slot="start" name="file-text"></il-icon>${this.t(state === null ? 'export.ask' : 'export.again')}
                </wa-button>
              </div>`
        }
      </div>
    `;
  }

  #state({ state, progress, expiresAt }: Exported) {
    const percent = Math.floor(progress * 100);
    if (state === 'ready') return html`<p>${this.t('export.ready', { date: formatDate(expiresAt, 'time') })}</p>`;
    if (state === 'failed') {
      return html`<wa-callout variant="warning">
        <il-icon slot="icon" name="triangle-alert"></il-icon>
        <p>${this.t('export.failed')}</p>
      </wa-callout>`;
    }
    return html`
      <p>${this.t(`export.${state}`, { percent })}</p>
      <wa-progress-bar value=${percent} label=${this.t('export.progress')}></wa-progress-bar>
    `;
  }

  async #save(href: string): Promise<void> {
    if (await ensureRecentSignIn()) saveFrom(href);
  }

  #download({ bytes }: Exported) {
    const href = this.person ? `/api/privacy/people/${this.person}/export/file` : '/api/kernel/privacy/export/file';
    return html`<wa-button variant="brand" appearance="accent" @click=${() => this.#save(href)}>
      <il-icon slot="start" name="download"></il-icon>${this.t('export.download', { size: sizeOf(bytes ?? 0) })}
    </wa-button>`;
  }
}

function saveFrom(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = 'i-learn.zip';
  link.click();
}

function sizeOf(bytes: number): string {
  const [unit, by] = bytes < 1_000_000 ? ['kilobyte', 1_000] : ['megabyte', 1_000_000];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit: unit as string, maximumFractionDigits: 1 }).format(
    bytes / (by as number),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-export': PersonExport;
  }
}
