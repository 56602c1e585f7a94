import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { build } from 'vite';

/** A tool in a browser that keeps its state with `@atomicjolt/lti-client`, an independent client of platform storage. It sets no cookie. */
export interface FramedTool {
  url: string;
  /** Whether it answers the login initiation; otherwise the person sees nothing. */
  answers: boolean;
  stop(): Promise<void>;
}

const packageFile = (name: string) => createRequire(import.meta.url).resolve(name);

const entry = `
import i18next from '${packageFile('i18next')}';
import { storeState, loadState } from '${packageFile('@atomicjolt/lti-client/dist/libs/platform_storage.js')}';
import { getCapabilities } from '${packageFile('@atomicjolt/lti-client/dist/libs/capabilities.js')}';
i18next.init({ lng: 'en', resources: {} });
Object.assign(window, { storeState, loadState, getCapabilities });
`;

/** Bundled, because its modules name no extensions. */
async function bundle(): Promise<string> {
  const name = '\0entry';
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string) => (id === 'entry' ? name : null),
        load: (id: string) => (id === name ? entry : null),
      },
    ],
    build: { write: false, minify: false, rollupOptions: { input: 'entry', output: { format: 'iife' } } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as unknown as [{ output: { type: string; code: string }[] }];
  return output.find(({ type }) => type === 'chunk')?.code as string;
}

export async function startFramedTool(platformUrl: string, clientId: string): Promise<FramedTool> {
  const script = await bundle();
  const page = (content: string) =>
    `<!doctype html><html lang="nl"><title>Het oefenprogramma</title><main><h1>Het oefenprogramma</h1>${content}</main></html>`;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', tool.url);
    const html = (content: string) => response.setHeader('content-type', 'text/html; charset=utf-8').end(page(content));
    if (url.pathname === '/client.js') return response.setHeader('content-type', 'text/javascript').end(script);
    if (url.pathname === '/login') {
      if (!tool.answers) return html('<p>Ik doe niets.</p>');
      const state = randomUUID();
      const auth = new URL(`${platformUrl}/api/lti/auth`);
      auth.search = new URLSearchParams({
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: clientId,
        redirect_uri: `${tool.url}/launch`,
        login_hint: url.searchParams.get('login_hint') ?? '',
        lti_message_hint: url.searchParams.get('lti_message_hint') ?? '',
        nonce: randomUUID(),
        state,
      }).toString();
      const settings = { target: url.searchParams.get('lti_storage_target'), platformOIDCUrl: auth.origin };
      const next = `location.href = ${JSON.stringify(auth.href)};`;
      return html(
        settings.target === null
          ? `<script>${next}</script>`
          : `<script src="/client.js"></script><script>
              storeState(${JSON.stringify(state)}, ${JSON.stringify(settings)}).then(() => { ${next} }, (error) => { document.body.append(String(error)); });
            </script>`,
      );
    }
    if (url.pathname === '/launch') {
      const form = new URLSearchParams(await textOf(request));
      const state = form.get('state') ?? '';
      const settings = { target: '_parent', platformOIDCUrl: platformUrl };
      return html(`<p id="token">${form.has('id_token') ? 'aangemeld' : 'niet aangemeld'}</p><p id="state"></p><p id="messages"></p>
        <button onclick="parent.postMessage({ subject: 'lti.close' }, '*')">Klaar</button>
        <script src="/client.js"></script><script>
          const show = (id) => (text) => { document.getElementById(id).textContent = String(text); };
          if (parent !== window) {
            loadState(${JSON.stringify(state)}, ${JSON.stringify(settings)}).then((value) => show('state')(value === ${JSON.stringify(state)} ? 'toestand bewaard' : 'toestand kwijt: ' + value), show('state'));
            getCapabilities().then((all) => show('messages')(all.map(({ subject }) => subject).join(' ')), show('messages'));
          } else show('state')('zonder kader');
        </script>`);
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tool: FramedTool = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: true,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return tool;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
