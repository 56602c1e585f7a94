/**
 * An LTI 1.3 tool on ltijs (https://cvmcosta.me/ltijs), in a process of its own: ltijs is a singleton and installs signal handlers.
 * Started by `ltijs-tool.ts`; takes its settings as JSON in LTIJS_TOOL and sends `{ url }` to its parent when it listens.
 */
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Provider } = require('ltijs');
const Database = require('ltijs-sequelize');

const { platformUrl, databaseUrl, clientId, port } = JSON.parse(process.env.LTIJS_TOOL);
const address = new URL(databaseUrl);
const encryptionKey = 'a key that only this test knows';

const database = new Database(
  address.pathname.slice(1),
  decodeURIComponent(address.username),
  decodeURIComponent(address.password),
  { host: address.hostname, port: Number(address.port || 5432), dialect: 'postgres', logging: false },
);

// devMode: state cookies are optional, since a browser keeps `SameSite=None` cookies on https only.
Provider.setup(encryptionKey, { plugin: database }, { appRoute: '/', loginRoute: '/login', keysetRoute: '/keys', devMode: true });

const escapeHtml = (text) => String(text ?? '').replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
const page = (body) =>
  `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>ltijs</title></head><body>${body}</body></html>`;

Provider.onConnect((token, _req, res) => {
  const name = token.userInfo?.name ?? 'iemand zonder naam';
  const { roles, context, resource, custom, launchPresentation } = token.platformContext;
  res.send(
    page(`<h1>Proeftool</h1>
<p>Dag <span id="who">${escapeHtml(name)}</span></p>
<p>sub: <code id="sub">${escapeHtml(token.user)}</code></p>
<p>taak: <span id="resource">${escapeHtml(resource.title)}</span> in <span id="context">${escapeHtml(context.title)}</span></p>
<p>rollen: <span id="roles">${escapeHtml(roles.join(' '))}</span></p>
<pre id="custom">${escapeHtml(JSON.stringify(custom ?? null))}</pre>
<form method="post" action="/score"><input type="hidden" name="ltik" value="${escapeHtml(res.locals.ltik)}"><button>Stuur score 8/10</button></form>
<a href="${escapeHtml(launchPresentation.return_url)}">Terug</a>`),
  );
});

/** Deep linking: sends one exercise back at once, by the form that ltijs makes. */
Provider.onDeepLinking(async (token, _req, res) => {
  const item = {
    type: 'ltiResourceLink',
    title: 'Uit ltijs',
    url: `http://127.0.0.1:${server.address().port}/`,
    custom: { from: 'ltijs' },
    lineItem: { scoreMaximum: 8 },
  };
  res.send(page(await Provider.DeepLinking.createDeepLinkingForm(token, [item], { message: 'Gekozen in ltijs' })));
});

Provider.app.get('/members', async (_req, res) => {
  try {
    res.json(await Provider.NamesAndRoles.getMembers(res.locals.token, { pages: false, limit: 2 }));
  } catch (error) {
    res.status(502).json({ error: error.message });
  }
});

/** Sends the points out of ten of the form (`given`), or eight. */
Provider.app.post('/score', async (req, res) => {
  const token = res.locals.token;
  const lineItem = token.platformContext.endpoint.lineitem;
  try {
    const score = await Provider.Grade.submitScore(token, lineItem, {
      scoreGiven: Number(req.body.given ?? 8),
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    });
    const { scores } = await Provider.Grade.getScores(token, lineItem, { userId: token.user });
    res.send(
      page(`<h1>Score verstuurd</h1><pre id="score">${escapeHtml(JSON.stringify({ score, scores }))}</pre>
<a href="${escapeHtml(token.platformContext.launchPresentation.return_url)}">Terug</a>`),
    );
  } catch (error) {
    res
      .status(502)
      .send(page(`<h1>Score niet aanvaard</h1><pre>${escapeHtml(error.message)} ${escapeHtml(error.response?.body)}</pre>`));
  }
});

/** What the rest of the suite may ask for: line item calls through ltijs' Grade service. */
Provider.app.post('/line-items', async (req, res) => {
  const token = res.locals.token;
  const { action, id, lineItem, options } = req.body;
  try {
    if (action === 'create') res.json(await Provider.Grade.createLineItem(token, lineItem, options));
    else if (action === 'list') res.json(await Provider.Grade.getLineItems(token, options));
    else if (action === 'update') res.json(await Provider.Grade.updateLineItemById(token, id, lineItem));
    else if (action === 'delete') res.json(await Provider.Grade.deleteLineItemById(token, id));
    else res.status(400).json({ error: 'unknown action' });
  } catch (error) {
    res.status(502).json({ error: error.message, status: error.response?.statusCode ?? null });
  }
});

await Provider.deploy({ serverless: true, silent: true });
await Provider.registerPlatform({
  url: platformUrl,
  name: 'i-Learn',
  clientId,
  authenticationEndpoint: `${platformUrl}/api/lti/auth`,
  accesstokenEndpoint: `${platformUrl}/api/lti/token`,
  authConfig: { method: 'JWK_SET', key: `${platformUrl}/api/lti/jwks` },
});

const server = http.createServer(Provider.app);
server.listen(port, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${server.address().port}` }));
process.on('disconnect', () => process.exit(0));
