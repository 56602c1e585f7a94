import { createServer } from 'node:http';
import { isGenuine } from './webhook.mjs';

const mostBytes = 100_000;

/**
 * A web server with two addresses: `GET /`, the paths of this week by class, for an `<iframe>` on the website of the school; and `POST /hook`,
 * to which the portal sends a message when a path is given, so that the list is loaded again. It keeps no data about people: it asks for none.
 *
 * @param {import('./portal.mjs').Portal} portal
 * @param {string} webhookSecret
 */
export function createWidget(portal, webhookSecret) {
  let week = null;
  const load = async () => {
    const names = new Map();
    for await (const { id, name } of portal.list('/api/directory/classes', 'classes')) names.set(id, name);
    const paths = [];
    for await (const { class: klas, path, dueOn } of portal.list('/api/myway/assignments')) {
      paths.push({ className: names.get(klas.id) ?? klas.name, title: path.title, dueOn });
    }
    return paths;
  };
  return createServer(async (request, response) => {
    try {
      if (request.method === 'POST' && request.url === '/hook') {
        const body = await textOf(request);
        if (!isGenuine(webhookSecret, request.headers, body)) return void response.writeHead(401).end();
        week = null;
        return void response.writeHead(204).end();
      }
      if (request.method !== 'GET' || request.url !== '/') return void response.writeHead(404).end();
      week ??= load();
      const html = pageOf(await week);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" });
      response.end(html);
    } catch (error) {
      // A message that is too long says nothing about the list.
      if (request.method === 'GET') week = null;
      console.error(error.message);
      response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' }).end('De leersporen zijn nu niet te tonen.');
    }
  });
}

async function textOf(request) {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) {
    text += part;
    if (text.length > mostBytes) throw new Error('the message is too long');
  }
  return text;
}

function pageOf(paths) {
  const rows = paths.map(
    ({ className, title, dueOn }) =>
      `<li><strong>${escapeHtml(className)}</strong> ${escapeHtml(title)}${dueOn === null ? '' : ` <span>klaar tegen ${escapeHtml(dueOn)}</span>`}</li>`,
  );
  return `<!doctype html><html lang="nl"><meta charset="utf-8"><title>Deze week</title><h1>Deze week</h1>
<ul>${rows.join('') || '<li>Er zijn geen leersporen.</li>'}</ul></html>`;
}

const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
