import { Portal } from './portal.mjs';
import { createWidget } from './widget.mjs';

const wanted = ['PORTAL_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'SCHOOL', 'WEBHOOK_SECRET'];
const missing = wanted.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`Set ${missing.join(', ')}: README.md says where to find them.`);
  process.exit(1);
}
const { PORTAL_URL: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, SCHOOL: school, WEBHOOK_SECRET } = process.env;
const widget = createWidget(new Portal({ url, clientId, clientSecret, school }), WEBHOOK_SECRET);
widget.listen(Number(process.env.PORT ?? 8080), () => console.log(`http://localhost:${widget.address().port}`));
