import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { axe, launch, openPage } from '../../../ui/test/browser.js';
import { createWorld } from './world.js';
const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
test('look', async () => {
  const world = await createWorld({}, { uiFolder });
  const browser = await launch();
  const activities: string[] = [];
  for (const [i, title] of ['Wat is vermenigvuldigen?', 'Tafel van 2, 5 en 10', 'Tafel van 7', 'Filmpje: rekenen in de winkel', 'Delen met rest'].entries()) {
    activities.push(i === 1 || i === 2 || i===4 ? await world.ltiActivity({ title, provider: 'Oefentool', minutes: 15 }) : await world.activity({ title, minutes: 10, ...(i === 3 ? { content: { kind: 'link', url: 'https://example.org/x' } } : {content: {kind:'text', markdown: '## Hallo\n\nEen **tekst** met een lijst:\n\n- een\n- twee\n\n> Een fout is niet erg.'}}) }));
  }
  for (let i = 0; i < 25; i++) await world.activity({ title: `Activiteit ${i}` });
  const path = await world.path(activities, { title: 'Rekenen tot 100 en de tafels', description: 'Eerst lezen, dan oefenen.' });
  await world.path(activities.slice(0, 3), { title: 'Kort pad', sequence: 'free' });
  await world.path([], { title: 'Nog leeg' });
  const names = ['Aerts','Bakker','Claes','De Smet','El Amrani','Franssens','Goossens','Hermans','Ilic','Jacobs'];
  const more = [];
  for (const n of names) more.push(await world.person('pupil', world.school, n));
  await world.platform.work('directory', ({ knex }) => knex('enrolments').insert(more.map(p => ({ school_id: world.school, class_id: world.class3A, person_id: p.id, role: 'pupil' }))));
  const assignment = await world.assign(path.id, { dueOn: '2026-12-18' });
  const s = path.steps;
  const done = (p: any, i: number) => p.client.post(`/api/myway/my-paths/${assignment.id}/steps/${s[i].id}/done`);
  for (const [k, p] of more.entries()) {
    if (k === 9) continue;
    await done(p, 0);
    if (k > 1) await world.score({ assignmentId: assignment.id, stepId: s[1].id, pupil: p, scoreGiven: k, timestamp: '2026-11-20T10:00:00Z' });
    if (k === 3) for (const m of [1,2,3]) await world.score({ assignmentId: assignment.id, stepId: s[1].id, pupil: p, scoreGiven: 2+m/2, timestamp: `2026-11-21T10:0${m}:00Z` });
    if (k > 4) await world.score({ assignmentId: assignment.id, stepId: s[2].id, pupil: p, scoreGiven: 9, timestamp: '2026-11-20T10:00:00Z' });
    if (k > 6) { await done(p, 3); await world.score({ assignmentId: assignment.id, stepId: s[4].id, pupil: p, scoreGiven: 7.5 }); }
  }
  const shot = async (person: any, address: string, name: string, options: any = {}, act?: (page: any) => Promise<void>) => {
    const page = await openPage(browser, world.platform.url, options);
    await page.context().addCookies([{ name: 'ilearn', value: person.client.cookie('ilearn'), url: world.platform.url }]);
    page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') console.log(name, m.type(), m.text()); });
    await page.goto(world.platform.url + address);
    await page.waitForTimeout(1500);
    if (act) { await act(page); await page.waitForTimeout(700); }
    await page.screenshot({ path: `/tmp/mw/shots/${name}.png`, fullPage: !act });
    console.log(name, page.faults, (await axe(page)).map((l: string) => l.split('Fix any')[0]).filter((l: string) => !/il-bar|skip/.test(l)));
    await page.context().clearCookies();
    await page.close();
  };
  const phone = { viewport: { width: 390, height: 844 } };
  const t = world.teacher, p = more[4];
  await shot(t, '/paden', 'paden');
  await shot(t, '/paden', 'paden-nieuw', {}, (page) => page.getByRole('button', { name: 'Nieuw pad' }).first().click());
  await shot(t, `/paden/${path.id}`, 'builder');
  await shot(t, `/paden/${path.id}`, 'builder-step', {}, async (page) => { await page.getByRole('button', { name: /Tafel van 7/ }).first().click(); });
  await shot(t, `/paden/${path.id}`, 'builder-preview', {}, async (page) => { await page.getByRole('button', { name: /Bekijk als leerling/ }).first().click(); });
  await shot(t, `/paden/${path.id}`, 'builder-assign', {}, async (page) => { await page.getByRole('button', { name: /Geef aan leerlingen/ }).first().click(); await page.waitForTimeout(500); await page.getByText('Leerlingen die je kiest').click(); });
  await shot(t, `/paden/${path.id}`, 'builder-phone', phone);
  await shot(t, '/opvolging', 'opvolging');
  await shot(t, `/opvolging/${assignment.id}`, 'bord');
  await shot(t, `/opvolging/${assignment.id}?toon=vast`, 'bord-vast-phone', phone);
  await shot(t, `/opvolging/${assignment.id}`, 'bord-leerling', {}, async (page) => { await page.getByRole('button', { name: /De Smet/ }).first().click(); });
  await shot(p, '/mijn-paden', 'mijn-paden');
  await shot(p, `/mijn-paden/${assignment.id}`, 'trail');
  await shot(p, `/mijn-paden/${assignment.id}`, 'trail-phone', phone);
  await shot(p, `/mijn-paden/${assignment.id}/stap/${s[0].id}`, 'stap', phone);
  await shot(more[7], `/mijn-paden/${assignment.id}?terug=${s[4].id}`, 'trail-klaar');
  await shot(world.colleague, `/paden/${path.id}`, 'view');
  await shot(t, `/paden/${path.id}`, 'builder-dark', { colorScheme: 'dark' });
  await browser.close();
  await world.stop();
}, 300000);
