import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';

/** Part of the start page of those who erase people: erasures that are not done. */
@customElement('privacy-start-questions')
export class StartQuestions extends StartPart<{ open: number; failed: number }> {
  static override ns = 'privacy';

  protected override icon = 'shield-check';

  protected override load(signal: AbortSignal) {
    return privacy.get('/start', { signal });
  }

  protected override heading(): string {
    return this.t('start.questions.heading');
  }

  protected override content({ open, failed }: { open: number; failed: number }) {
    if (open === 0) return nothing;
    return html`
      <ul class="list">
        <li>
          <a class="row" href="/beheer/privacy">
            <span class="grow strong">${this.t('start.questions.open', { count: open })}</span>
            ${failed > 0 ? html`<span class="bad strong">${this.t('start.questions.failed', { count: failed })}</span>` : nothing}
          </a>
        </li>
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-start-questions': StartQuestions;
  }
}
