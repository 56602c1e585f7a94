import { formatNumber, type PortalElement } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import type { TopicProgress } from './model.js';

export const topicTableStyles = css`
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: var(--il-space-2) var(--il-space-3);
    text-align: start;
    vertical-align: top;
    border-bottom: 1px solid var(--il-rule);
  }
  td.number,
  th.number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  tbody th {
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  .low {
    color: var(--il-warn);
    font-weight: 600;
  }
`;

const percent = (share: number): string => formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });

/** What was done by topic. `withPupils`: with the number of pupils, for a class. */
export function topicTable(element: PortalElement, topics: readonly TopicProgress[], caption: string, withPupils: boolean) {
  if (topics.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${caption}>
    <table>
      <caption class="visually-hidden">${caption}</caption>
      <thead>
        <tr>
          <th scope="col">${element.t('topics.topic')}</th>
          <th scope="col" class="number">${element.t('topics.done')}</th>
          ${withPupils ? html`<th scope="col" class="number">${element.t('topics.pupils')}</th>` : nothing}
          <th scope="col" class="number">${element.t('topics.average')}</th>
          <th scope="col" class="number">${element.t('topics.low')}</th>
        </tr>
      </thead>
      <tbody>
        ${topics.map(
          (topic) => html`<tr>
            <th scope="row">${topic.label}</th>
            <td class="number">${topic.done}</td>
            ${withPupils ? html`<td class="number">${topic.pupils}</td>` : nothing}
            <td class="number">${topic.average === null ? '–' : percent(topic.average)}</td>
            <td class="number ${topic.low > 0 ? 'low' : ''}">${topic.low}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The onderwijsdoelen and the other topics, each in a table of its own. */
export function topicTables(element: PortalElement, topics: readonly TopicProgress[], withPupils: boolean) {
  const goals = topics.filter(({ isGoal }) => isGoal);
  const others = topics.filter(({ isGoal }) => !isGoal);
  return html`
    ${goals.length > 0 ? html`<h3>${element.t('topics.goals')}</h3>` : nothing}
    ${topicTable(element, goals, element.t('topics.goals'), withPupils)}
    ${goals.length > 0 && others.length > 0 ? html`<h3>${element.t('topics.others')}</h3>` : nothing}
    ${topicTable(element, others, element.t('topics.others'), withPupils)}
  `;
}
