import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface Common {
  name: string;
  label: string;
  value: string;
  hint?: string | undefined;
  /** Error message; empty if there is none. */
  error?: string | undefined;
  required?: boolean;
  onInput: (value: string) => void;
}

export interface TextField extends Common {
  type?: 'text' | 'url' | 'number';
  maxlength?: number;
  min?: number;
  max?: number;
}

export interface AreaField extends Common {
  rows: number;
  maxlength: number;
}

export interface SelectField extends Common {
  options: { value: string; label: string }[];
}

const typedIn = (event: Event): string => (event.target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value;

/** Label, control, hint and error, associated for screen readers. */
function field(
  { name, label, hint, error, required }: Common,
  control: (described: string | typeof nothing) => TemplateResult,
): TemplateResult {
  const described = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean).join(' ');
  return html`
    <div class="field ${error ? 'faulty' : ''}">
      <label for=${name} class=${required ? 'required' : ''}>${label}</label>
      ${control(described === '' ? nothing : described)}
      ${error ? html`<p class="error" id="${name}-error"><il-icon name="circle-alert"></il-icon>${error}</p>` : nothing}
      ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    </div>
  `;
}

export const textField = (options: TextField): TemplateResult =>
  field(
    options,
    (described) => html`<input
      id=${options.name}
      type=${options.type ?? 'text'}
      inputmode=${options.type === 'number' ? 'numeric' : nothing}
      min=${options.min ?? nothing}
      max=${options.max ?? nothing}
      maxlength=${options.maxlength ?? nothing}
      autocomplete="off"
      aria-required=${options.required ? 'true' : nothing}
      aria-invalid=${options.error ? 'true' : nothing}
      aria-describedby=${described}
      .value=${live(options.value)}
      @input=${(event: Event) => options.onInput(typedIn(event))}
    />`,
  );

export const areaField = (options: AreaField): TemplateResult =>
  field(
    options,
    (described) => html`<textarea
      id=${options.name}
      rows=${options.rows}
      maxlength=${options.maxlength}
      aria-required=${options.required ? 'true' : nothing}
      aria-invalid=${options.error ? 'true' : nothing}
      aria-describedby=${described}
      .value=${live(options.value)}
      @input=${(event: Event) => options.onInput(typedIn(event))}
    ></textarea>`,
  );

export const selectField = (options: SelectField): TemplateResult =>
  field(
    options,
    (described) => html`<select
      id=${options.name}
      aria-required=${options.required ? 'true' : nothing}
      aria-invalid=${options.error ? 'true' : nothing}
      aria-describedby=${described}
      @change=${(event: Event) => options.onInput(typedIn(event))}
    >
      ${options.options.map(({ value, label }) => html`<option value=${value} ?selected=${value === options.value}>${label}</option>`)}
    </select>`,
  );

export const fieldStyles = css`
  .field {
    display: grid;
    gap: var(--il-space-2);
    align-content: start;
    min-width: 0;
  }
  .field label {
    font-weight: 600;
    line-height: 1.3;
  }
  .required::after {
    color: var(--il-bad);
    content: ' *';
  }
  .hint {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .error {
    display: flex;
    gap: var(--il-space-2);
    align-items: start;
    color: var(--il-bad);
    font-size: var(--il-text-s);
  }
  .error il-icon {
    flex: none;
    margin-top: 0.2em;
  }
  input:not([type='checkbox'], [type='radio']),
  textarea,
  select {
    width: 100%;
    min-width: 0;
    min-height: var(--il-target);
    padding: var(--il-space-2) var(--il-space-3);
    color: var(--il-ink);
    font: inherit;
    font-size: max(1rem, 1em);
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  textarea {
    line-height: 1.5;
    resize: vertical;
  }
  .faulty input,
  .faulty textarea,
  .faulty select {
    border: 2px solid var(--il-bad);
  }
`;
