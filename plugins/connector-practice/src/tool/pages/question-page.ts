import { type Choice, type Question, type Split, type Sum, solutionOf } from '../exercises/question.js';
import type { Session } from '../session.js';
import type { Translate } from '../texts.js';
import { type Html, html } from './html.js';
import { layout } from './layout.js';

/** A question, or the feedback on its answer. */
export function questionPage(session: Session, token: string, t: Translate): string {
  const { language, exercise, position, questions } = session;
  const question = questions[position] as Question;
  const heading = t(`exercises.${exercise}`);
  const progress = t('progress', { number: position + 1, total: questions.length });
  const body = session.reviewing ? feedback(session, question, token, t) : form(session, question, token, t);
  return layout(
    { language, t, title: `${progress} · ${heading}` },
    html`<header>${session.launch.returnUrl !== null && html`<p class="out"><a href="${session.launch.returnUrl}" target="_top">${t('stop')}</a></p>`}<h1>${heading}</h1>${line(session, progress)}</header>
${question.kind === 'choice' ? html`<div class="reading">${passage(question)}${body}</div>` : body}`,
  );
}

/** Progress: a line with a station for each question. */
function line(session: Session, progress: string): Html {
  const stations = session.questions.map((_, index) => {
    const given = session.given[index];
    const state = given === undefined ? (index === session.position ? 'now' : 'todo') : given.right ? 'right' : 'wrong';
    return html`<i class="${state}"></i>`;
  });
  return html`<p class="line" role="img" aria-label="${progress}">${stations}</p>`;
}

function form(session: Session, question: Question, token: string, t: Translate): Html {
  const hint =
    session.unreadable && html`<p class="hint" id="hint" role="alert">${t(question.kind === 'choice' ? 'choose' : 'number')}</p>`;
  const send = html`<button class="main">${t('check')}</button>`;
  const fields = html`<input type="hidden" name="s" value="${token}"><input type="hidden" name="position" value="${session.position}">`;
  if (question.kind === 'choice') return choiceForm(question, html`${fields}`, hint, send);
  return html`<form method="post" action="/answer" class="sum" autocomplete="off">${fields}
<label for="answer" class="visually-hidden">${t('spoken.question', { sum: spoken(question, t) })}</label>
${written(question, html`<input id="answer" name="answer" inputmode="numeric" maxlength="4" autofocus${session.unreadable && html` aria-invalid="true" aria-describedby="hint"`}>`)}
${hint}${send}</form>`;
}

function choiceForm(question: Choice, fields: Html, hint: Html | false, send: Html): Html {
  const options = question.options.map(
    (option, index) =>
      html`<label class="option"><input type="radio" name="answer" value="${index}"><span>${option}</span></label>`,
  );
  return html`<form method="post" action="/answer" class="choice" lang="nl">${fields}
<fieldset><legend>${question.text}</legend>${options}</fieldset>${hint}${send}</form>`;
}

function feedback(session: Session, question: Question, token: string, t: Translate): Html {
  const right = session.given[session.position]?.right === true;
  const last = session.finishedAt !== null;
  return html`<form method="post" action="/next" class="${right ? 'feedback right' : 'feedback wrong'}">
<input type="hidden" name="s" value="${token}">
<div id="verdict"><p class="verdict">${t(right ? `praise.${session.position % 4}` : 'almost')}</p>
${question.kind === 'choice' && html`<p lang="nl">${question.text}</p>`}
<p class="solution"${question.kind === 'choice' && html` lang="nl"`}>${solution(question)}</p>
${!right && own(session, session.position, t)}</div>
<button class="main" autofocus aria-describedby="verdict">${t(last ? 'toResult' : 'next')}</button></form>`;
}

/** The child's own answer, so that it can be compared with the right one. */
export function own(session: Session, position: number, t: Translate): Html | false {
  const question = session.questions[position];
  const given = session.given[position];
  if (question === undefined || given === undefined) return false;
  const choice = question.kind === 'choice';
  const answer = choice ? (question.options[given.answer] ?? '') : String(given.answer);
  return html`<p class="own">${t(choice ? 'yourChoice' : 'yourAnswer')} <b${choice && html` lang="nl"`}>${answer}</b></p>`;
}

function passage({ passage: { title, paragraphs } }: Choice): Html {
  return html`<article class="passage" lang="nl"><h2>${title}</h2>${paragraphs.map((text) => html`<p>${text}</p>`)}</article>`;
}

/** The sum as written, with `blank` in place of the answer. */
function written(question: Sum | Split, blank: Html): Html {
  if (question.kind === 'split') {
    const dots = Array.from(
      { length: question.whole },
      (_, index) => html`<i class="${index < question.part ? 'counted' : 'open'}"></i>`,
    );
    return html`<div class="bond"><p class="whole" aria-hidden="true">${question.whole}</p>
<svg class="legs" viewBox="0 0 100 24" aria-hidden="true"><path d="M50 2 20 22M50 2 80 22"/></svg>
<p class="parts"><b aria-hidden="true">${question.part}</b>${blank}</p><p class="dots" aria-hidden="true">${dots}</p></div>`;
  }
  const { left, sign, right, result, missing } = question;
  const silent = (text: string | number) => html`<b aria-hidden="true">${text}</b>`;
  return html`<p class="written">${silent(left)}${silent(sign)}${missing === 'right' ? blank : silent(right)}${silent('=')}${missing === 'result' ? blank : silent(result)}</p>`;
}

/** The whole sum, or the correct option. */
export function solution(question: Question): string {
  if (question.kind === 'choice') return question.options[question.correct] as string;
  if (question.kind === 'split') return `${question.whole} = ${question.part} + ${solutionOf(question)}`;
  return `${question.left} ${question.sign} ${question.right} = ${question.result}`;
}

const signNames = { '+': 'plus', '−': 'minus', '×': 'times', ':': 'by' } as const;

/** The sum in words, for screen readers. */
function spoken(question: Sum | Split, t: Translate): string {
  if (question.kind === 'split') return t('spoken.split', { whole: question.whole, part: question.part });
  const { left, sign, right, result, missing } = question;
  const blank = t('spoken.blank');
  const side = t(`spoken.${signNames[sign]}`, { left, right: missing === 'right' ? blank : right });
  return t('spoken.equals', { side, result: missing === 'result' ? blank : result });
}
