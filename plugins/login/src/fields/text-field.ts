import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

/** A text field with a plain `<input>` in the form's own DOM tree, so that password managers find it. */
export interface TextField {
  name: string;
  label: string;
  /** The `autocomplete` value for password managers: `username`, `current-password`, `new-password`. */
  autocomplete: string;
  value: string;
  /** Error message; empty if there is none. */
  error?: string | undefined;
  hint?: string | undefined;
  /** A password field with a button to show its text. */
  secret?: { shown: boolean; showLabel: string; hideLabel: string; toggle: () => void };
  inputmode?: 'numeric';
  onInput: (value: string) => void;
  onKey?: (event: KeyboardEvent) => void;
}

export function textField(field: TextField): TemplateResult {
  const { name, secret, error, hint } = field;
  const described = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean).join(' ');
  return html`
    <div class="field ${error ? 'faulty' : ''}">
      <label for=${name}>${field.label}</label>
      ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : ''}
      <div class="control">
        <input
          id=${name}
          name=${name}
          type=${secret && !secret.shown ? 'password' : 'text'}
          autocomplete=${field.autocomplete as AutoFill}
          autocapitalize="none"
          spellcheck="false"
          maxlength="256"
          inputmode=${field.inputmode ?? nothing}
          aria-invalid=${error ? 'true' : nothing}
          aria-describedby=${described || nothing}
          .value=${live(field.value)}
          @input=${(event: InputEvent) => field.onInput((event.target as HTMLInputElement).value)}
          @keyup=${field.onKey ?? nothing}
        />
        ${
          secret
            ? html`<button
                class="reveal"
                type="button"
                aria-pressed=${secret.shown}
                aria-label=${secret.showLabel}
                title=${secret.shown ? secret.hideLabel : secret.showLabel}
                @click=${secret.toggle}
              >
                <il-icon name=${secret.shown ? 'eye-off' : 'eye'}></il-icon>
              </button>`
            : ''
        }
      </div>
      ${error ? html`<p class="error" id="${name}-error"><il-icon name="circle-alert"></il-icon>${error}</p>` : ''}
    </div>
  `;
}

export const fieldStyles = css`
  .field {
    display: grid;
    gap: var(--il-space-2);
  }
  .field label {
    font-weight: 600;
  }
  .field .hint {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .control {
    position: relative;
    display: grid;
  }
  .control input {
    width: 100%;
    min-width: 0;
    height: var(--login-field-height, 3rem);
    padding: 0 var(--il-space-4);
    color: var(--il-ink);
    font: inherit;
    font-size: max(1rem, 1em);
    background: var(--il-surface);
    border: 1.5px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .control input:focus {
    border-color: var(--il-ink);
    outline: 3px solid var(--il-focus);
    outline-offset: 1px;
  }
  .control:has(.reveal) input {
    font-family: var(--il-font-family-code);
    padding-inline-end: calc(var(--login-field-height, 3rem) + var(--il-space-2));
  }
  .reveal {
    position: absolute;
    inset-block: 4px;
    inset-inline-end: 4px;
    display: grid;
    place-items: center;
    width: calc(var(--login-field-height, 3rem) - 8px);
    color: var(--il-ink-soft);
    font: inherit;
    background: none;
    border: 0;
    border-radius: calc(var(--il-radius) - 4px);
    cursor: pointer;
  }
  .reveal:hover {
    color: var(--il-ink);
    background: var(--il-hover);
  }
  .faulty input {
    border-color: var(--il-bad);
  }
  .field .error {
    display: flex;
    gap: var(--il-space-2);
    color: var(--il-bad);
    font-size: var(--il-text-s);
  }
`;
