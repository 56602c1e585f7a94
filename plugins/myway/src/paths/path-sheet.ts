import { foreignLanguage, formatMinutes, type PortalElement } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import type { StepDetail } from './model.js';

export const pathSheetStyles = css`
  .print-sheet {
    color: #000;
  }
  .print-sheet h1 {
    font-size: 18pt;
  }
  .print-sheet ol {
    margin-block-start: 6mm;
    padding: 0;
    list-style: none;
  }
  .print-sheet li {
    display: grid;
    grid-template-columns: 10mm minmax(0, 1fr);
    padding-block: 2.5mm;
    border-top: 0.2mm solid #999;
  }
  .print-sheet li > b {
    font-size: 14pt;
  }
  .print-sheet .note {
    margin-top: 1mm;
    white-space: pre-line;
  }
`;

interface PathToPrint {
  title: string;
  description: string;
  language: string;
  sequence: string;
  steps: readonly Pick<StepDetail, 'title' | 'shownTitle' | 'language' | 'kind' | 'provider' | 'minutes' | 'required' | 'note'>[];
}

/** A path on paper: its steps with kind, duration and the teacher's note. */
export function pathSheet(element: PortalElement, path: PathToPrint) {
  const minutes = path.steps.reduce((sum, step) => sum + (step.minutes ?? 0), 0);
  const facts = [
    element.t('paths.steps', { count: path.steps.length }),
    formatMinutes(minutes || null),
    element.t(path.sequence === 'free' ? 'settings.free' : 'settings.inOrder'),
  ];
  return html`
    <h1 lang=${foreignLanguage(path.language)}>${path.title}</h1>
    <p>${facts.filter(Boolean).join(' · ')}</p>
    ${path.description ? html`<p lang=${foreignLanguage(path.language)}>${path.description}</p>` : nothing}
    <ol>
      ${path.steps.map((step, index) => {
        const about = [
          step.kind === null ? '' : element.t(`kind.${step.kind}`),
          step.provider,
          formatMinutes(step.minutes),
          step.required ? '' : element.t('builder.optional'),
        ];
        return html`<li>
          <b>${index + 1}</b>
          <div>
            <p class="strong" lang=${foreignLanguage(step.title ? null : step.language)}>${step.title || step.shownTitle}</p>
            <p class="small">${about.filter(Boolean).join(' · ')}</p>
            ${step.note ? html`<p class="note">${step.note}</p>` : nothing}
          </div>
        </li>`;
      })}
    </ol>
  `;
}
