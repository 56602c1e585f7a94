/**
 * Script of the page around a tool: platform storage by `postMessage` (LTI Client Side postMessages and LTI
 * PostMessage Storage 0.1), closing, and the offer of another way when the tool does not open. It reads its settings from the attributes of
 * `<main>`. Plain text, because the page allows this one script by its hash.
 */
export const launchPageScript = `
(() => {
  'use strict';
  const main = document.querySelector('main');
  const frame = document.querySelector('iframe');
  const help = document.querySelector('.help');
  const origins = new Set(main.dataset.origins.split(' '));
  const stores = new Map();
  const mostEntries = 500, mostKey = 255, mostValue = 8192;
  const subjects = ['lti.capabilities', 'lti.put_data', 'lti.get_data', 'lti.close', 'org.imsglobal.lti.close'];

  const failure = (code, message) => ({ error: { code, message } });
  const isText = (value, most) => typeof value === 'string' && value.length <= most;

  const answers = {
    'lti.capabilities': () => ({ supported_messages: subjects.map((subject) => ({ subject, frame: '_parent' })) }),
    'lti.put_data': (store, { key, value }) => {
      if (!isText(key, mostKey) || key === '') return failure('bad_request', 'key must be a text of 1 to ' + mostKey + ' characters');
      if (value === null || value === undefined) {
        store.delete(key);
        return { key, value: null };
      }
      if (!isText(value, mostValue)) return failure('bad_request', 'value must be a text of at most ' + mostValue + ' characters');
      if (!store.has(key) && store.size >= mostEntries) return failure('storage_exhaustion', 'at most ' + mostEntries + ' keys are kept');
      store.set(key, value);
      return { key, value };
    },
    'lti.get_data': (store, { key }) => {
      if (!isText(key, mostKey) || key === '') return failure('bad_request', 'key must be a text of 1 to ' + mostKey + ' characters');
      return { key, value: store.get(key) ?? null };
    },
  };

  const isFromFrame = (source) => {
    if (frame === null) return false;
    for (let each = source; each; each = each.parent === each ? null : each.parent) if (each === frame.contentWindow) return true;
    return false;
  };

  window.addEventListener('message', ({ data, origin, source }) => {
    const message = typeof data === 'string' ? { subject: data } : data;
    if (source === null || origin === 'null' || typeof message !== 'object' || message === null || !subjects.includes(message.subject)) return;
    if (!isFromFrame(source)) return;
    const reply = (content) =>
      source.postMessage({ ...content, subject: message.subject + '.response', message_id: message.message_id }, origin);
    if (!origins.has(origin)) {
      if (message.message_id !== undefined) reply(failure('wrong_origin', 'this origin is not registered for the tool'));
      return;
    }
    if (message.subject.endsWith('.close')) return location.replace(main.dataset.back);
    if (typeof message.message_id !== 'string' || message.message_id === '') {
      return reply(failure('bad_request', 'message_id must be a text'));
    }
    if (!stores.has(origin)) stores.set(origin, new Map());
    reply(answers[message.subject](stores.get(origin), message));
  });

  const offer = (reason) => {
    if (help === null) return;
    help.hidden = false;
    help.querySelector('[role=status]').textContent = reason;
  };
  if (frame !== null) {
    let tries = 0;
    const look = async () => {
      tries += 1;
      try {
        const answer = await fetch(main.dataset.state, { headers: { accept: 'application/json' } });
        const { state } = await answer.json();
        if (state === 'consumed') return;
        if (state === 'failed') return offer(main.dataset.failed);
      } catch {}
      if (tries === 4) offer(main.dataset.slow);
      if (tries < 30) setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }
  const opener = document.querySelector('[data-window]');
  if (opener !== null) {
    opener.addEventListener('click', (event) => {
      event.preventDefault();
      window.open(opener.href, '_blank', opener.dataset.window);
    });
  }
})();
`;
