import type { TestClient } from '@ilearn/core/testing';
import { measures, rule } from '@ilearn/plugin-cube';
import reports from '@ilearn/plugin-reports';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDcat } from '../../../core/test/support/dcat-ap.js';
import { createReports } from './portal.js';

let at: Awaited<ReturnType<typeof createReports>>;
beforeAll(async () => {
  at = await createReports();
});
afterAll(() => at?.portal.stop());

interface Published {
  mark: string;
  value: number | null;
  people: string | null;
}

/** What was published, by its coordinates, with the number of people behind it where it is of one school. */
async function published(): Promise<Map<string, Published>> {
  const rows = await at.portal.work('cube', ({ knex }) =>
    knex('figures as f')
      .leftJoin('cells as c', (join: any) =>
        join
          .on('c.grain', 'f.grain')
          .on('c.starts_on', 'f.starts_on')
          .on('c.measure', 'f.measure')
          .on('c.item', 'f.item')
          .on(knex.raw('c.school_id::text = f.place')),
      )
      .select('f.*', 'c.people'),
  );
  return new Map(
    rows.map((row: any) => [[row.grain, row.starts_on, row.measure, row.place_kind, row.place, row.item].join('|'), row]),
  );
}

/** Every address of every route, with one measure and with all, and every grain and detail. */
function addresses(): { address: string; kind: string; grain: string }[] {
  // Parquet, which is not text, has a case of its own.
  const routes = (reports.routes ?? [])
    .map(({ path }) => path)
    .filter((path) => path.includes('figures') && !path.endsWith('/parquet'));
  return routes.flatMap((path) =>
    ['pupils', measures.map(({ id }) => id).join(',')].flatMap((measure) =>
      ['week', 'month', 'year'].flatMap((grain) =>
        ['whole', 'parts'].flatMap((detail) => {
          const query = `measure=${measure}&grain=${grain}&detail=${detail}`;
          const kind = path.startsWith('/schools') ? 'school' : path.startsWith('/groups') ? 'group' : 'all';
          if (kind !== 'all') {
            return at.places.slice(0, 4).map(({ id }) => ({ address: `${path.replace(':place', id)}?${query}`, kind, grain }));
          }
          return ['all', 'region', 'level'].map((by) => ({ address: `${path}?${query}&by=${by}`, kind: by, grain }));
        }),
      ),
    ),
  );
}

interface Told {
  measure: string;
  startsOn: string;
  place: string;
  item: string;
  mark: string;
  value: number | null;
}

function toldBy(address: string, answer: { body: any }): Told[] {
  if (!address.includes('/table')) return answer.body.figures;
  const [, ...lines] = answer.body.replace('\uFEFF', '').trim().split('\r\n');
  return lines.map((line) => {
    const [measure = '', , startsOn = '', place = '', item = '', , mark = '', value = ''] = line
      .split(';')
      .map((cell) => cell.replace(/^"|"$/g, ''));
    return { measure, startsOn, place, item, mark, value: value === '' ? null : Number(value) };
  });
}

it('no route tells a number that is not published so: small ones never, others rounded, in every format', async () => {
  const known = await published();
  expect([...known.values()].filter(({ mark }) => mark === 'small').length).toBeGreaterThan(5);
  expect([...known.values()].filter(({ mark }) => mark === 'shown').length).toBeGreaterThan(30);
  const readers: TestClient[] = [
    await at.portal.signIn(at.operator.id),
    await at.portal.signIn(at.principal.id),
    at.portal.client(),
  ];
  let told = 0;
  for (const { address, kind, grain } of addresses()) {
    for (const [reader, client] of readers.entries()) {
      // One reader is enough for numbers that all may read.
      if (reader > 0 && !['school', 'group'].includes(kind)) continue;
      const answer = await client.get(`/api/reports${address}`);
      if (reader === 2) {
        expect(answer.status, address).toBe(401);
        continue;
      }
      expect(answer.status, address).toBe(200);
      for (const each of toldBy(address, answer)) {
        told++;
        const found = known.get([grain, each.startsOn, each.measure, kind, each.place, each.item].join('|'));
        expect(found, address).toMatchObject({ mark: each.mark, value: each.value });
        if (each.value === null) continue;
        expect(each.value % rule.rounding).toBe(0);
        if (found?.people != null) expect(Number(found.people)).toBeGreaterThanOrEqual(rule.threshold);
        if (reader === 1) expect([at.places[0]?.id]).toContain(each.place);
      }
    }
  }
  expect(told).toBeGreaterThan(200);
});

it('Parquet has the rows of the CSV, as another program reads it', async () => {
  const asked = 'measure=pupils,launches,shared&grain=week&by=all&detail=parts';
  const { body: csv } = await at.portal.client().get(`/api/reports/figures/table?${asked}`);
  const [head = '', ...lines] = csv.replace('\uFEFF', '').trim().split('\r\n');
  const answer = await fetch(`${at.portal.url}/api/reports/figures/parquet?${asked}`);
  expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet');
  const rows = await parquetReadObjects({ file: await answer.arrayBuffer() });
  expect(rows.length).toBeGreaterThan(1);
  expect(Object.keys(rows[0] as object)).toEqual(head.split(';'));
  expect(
    rows.map((row) =>
      Object.values(row)
        .map((cell) => cell ?? '')
        .join(';'),
    ),
  ).toEqual(lines);
});

it('other routes tell no number of people: names, days and addresses only', async () => {
  const client = await at.portal.signIn(at.principal.id);
  const { body: list } = await client.get('/api/reports/measures');
  for (const each of list) expect(Object.keys(each).sort()).toEqual(['id', 'items', 'owner', 'since', 'unit']);
  const { body: places } = await client.get('/api/reports/places');
  expect(places).toEqual({ schools: [{ id: at.places[0]?.id, name: 'School A' }], groups: [] });
  const tools = await client.get(`/api/reports/schools/${at.places[0]?.id}/tools`);
  expect(tools.body).toEqual([]);
  expect((await client.get(`/api/reports/schools/${at.places[1]?.id}/tools`)).status).toBe(404);
});

it('the catalogue names each download, which answers, and needs no context from elsewhere', async () => {
  const client = at.portal.client();
  const answer = await client.get('/api/reports/catalog');
  const catalog = answer.body;
  expect(JSON.stringify(catalog['@context'])).not.toMatch(/"https?:[^"]*\.jsonld"/);
  expect(typeof catalog['@context']).toBe('object');
  await checkDcat(catalog);
  const downloads: string[] = catalog['dcat:dataset'].flatMap((each: any) =>
    each['dcat:distribution'].map((one: any) => one['dcat:accessURL']['@id']),
  );
  expect(downloads).toHaveLength(measures.length * 3 * 2);
  const [first = ''] = downloads;
  const { pathname, search } = new URL(first);
  expect((await client.get(pathname + search)).status).toBe(200);
});
