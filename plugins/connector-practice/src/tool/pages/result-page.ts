import type { Session } from '../session.js';
import type { Translate } from '../texts.js';
import { html } from './html.js';
import { layout } from './layout.js';
import { own, solution } from './question-page.js';

/** The result, whether the score was sent, and the link back. */
export function resultPage(session: Session, token: string, t: Translate): string {
  const { right, questions, delivery, launch, language } = session;
  const total = questions.length;
  const title = t('result.score', { count: right, total });
  const praise = right === total ? 'all' : right * 10 >= total * 7 ? 'good' : 'more';
  const hidden = html`<input type="hidden" name="s" value="${token}">`;
  return layout(
    { language, t, title },
    html`<h1>${title}</h1>
<p class="verdict">${t(`result.${praise}`)}</p>
${delivery === 'sent' && html`<p class="delivery" role="status">${t('result.sent')}</p>`}
${delivery === 'failed' && html`<form method="post" action="/send" class="delivery failed" role="alert">${hidden}<p>${t('result.failed')}</p><button>${t('result.sendAgain')}</button></form>`}
<div class="actions">
${launch.returnUrl !== null && html`<a class="main" href="${launch.returnUrl}" target="_top">${t('result.back')}</a>`}
<form method="post" action="/again">${hidden}<button>${t('result.again')}</button></form>
</div>
<h2>${t('result.review')}</h2>
<ol class="review">${questions.map((question, index) => {
      const isRight = session.given[index]?.right === true;
      const choice = question.kind === 'choice';
      return html`<li class="${isRight ? 'right' : 'wrong'}"><span class="visually-hidden">${t(isRight ? 'result.wasRight' : 'result.wasWrong')}</span>${choice && html`<span lang="nl">${question.text}</span> `}<b${choice && html` lang="nl"`}>${solution(question)}</b>${!isRight && own(session, index, t)}</li>`;
    })}</ol>`,
  );
}
