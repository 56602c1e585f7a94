import { formatDate } from '@ilearn/ui';
import { css, html, type TemplateResult } from 'lit';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export interface Letter {
  id: string;
  kind: string;
  text: string;
  madeAt: string;
}

export const letterStyles = css`
  .letter {
    white-space: pre-line;
    overflow-wrap: anywhere;
    max-width: 42rem;
    padding: var(--il-space-4);
    border: 1px solid var(--il-rule);
  }
  .sheet-letter {
    white-space: pre-line;
    font-size: 11pt;
  }
`;

/** A letter that opens, with what can be done with it. */
export const letter = (
  { kind, text, madeAt, language }: Letter & { language?: string },
  t: Translate,
  actions: unknown = '',
): TemplateResult => html`<details>
  <summary>${t(`letters.kinds.${kind}`)} <span class="small muted">${formatDate(madeAt, 'short')}</span></summary>
  <div class="stack">
    <div class="letter" lang=${language ?? document.documentElement.lang}>${text}</div>
    ${actions}
  </div>
</details>`;
