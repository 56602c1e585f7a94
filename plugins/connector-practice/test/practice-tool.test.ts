import connector from '@ilearn/plugin-connector-practice';
import library from '@ilearn/plugin-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, readFormPost } from '../../lti/test/support/tool.js';
import { createWorld, type World, withoutPages } from '../../lti/test/support/world.js';
import { hedgehog, lostCat } from '../src/tool/exercises/reading-texts.js';
import { freePort } from './support/free-port.js';

let world: World;
let toolUrl: string;

beforeAll(async () => {
  const [port, toolPort] = [await freePort(), await freePort()];
  toolUrl = `http://127.0.0.1:${toolPort}`;
  world = await createWorld({
    port,
    plugins: [withoutPages(library), connector],
    configs: { 'connector-practice': { toolUrl, spawn: true } },
  });
});
afterAll(async () => {
  await world?.stop();
  // The tool ends with the portal.
  await expect(fetch(toolUrl)).rejects.toThrow();
});

const request = (exercise: string, changes: object = {}) =>
  world.request({
    registration: 'practice',
    targetLinkUri: `${toolUrl}/launch`,
    resourceLinkId: `step-${exercise}`,
    custom: { exercise },
    lineItem: { label: exercise, scoreMaximum: 10 },
    ...changes,
  });

/** Goes where a browser would go, up to the form that carries the id_token. */
async function formForTool(launch = request('tables'), client = world.pupil.client) {
  const opened = await client.get(await world.launch(client, launch));
  const login = await call(opened.headers.get('location') as string);
  const { status, body, headers } = await client.get(login.headers.get('location') as string);
  return readFormPost(status, body, headers);
}

const post = (path: string, fields: Record<string, string>) =>
  call(`${toolUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields) });

/** A child at the tool: no cookies, only the addresses and forms of the pages. */
class Visit {
  page = '';
  constructor(readonly token: string) {}

  static async begin(launch = request('tables'), client = world.pupil.client): Promise<Visit> {
    const form = await formForTool(launch, client);
    const taken = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
    expect(taken.status, taken.body).toBe(303);
    const visit = new Visit(new URL(taken.headers.get('location') as string, toolUrl).searchParams.get('s') as string);
    await visit.look();
    return visit;
  }

  async look(): Promise<void> {
    const answer = await call(`${toolUrl}/exercise?s=${this.token}`);
    expect(answer.status).toBe(200);
    this.page = decode(answer.body);
  }

  async post(path: string, fields: Record<string, string> = {}): Promise<Answer> {
    const answer = await post(path, { s: this.token, ...fields });
    expect(answer.status).toBe(303);
    await this.look();
    return answer;
  }

  get position(): string {
    return /name="position" value="(\d+)"/.exec(this.page)?.[1] as string;
  }

  /** Works the question on the page out, as a child does who sees it. */
  solve(): string {
    const numbers = [...this.page.matchAll(/<b aria-hidden="true">([^<]+)<\/b>/g)].map(([, text]) => text as string);
    if (this.page.includes('class="bond"')) {
      const whole = Number(/class="whole"[^>]*>(\d+)</.exec(this.page)?.[1]);
      return String(whole - Number(numbers[0]));
    }
    if (this.page.includes('class="choice"')) {
      const text = /<legend>([^<]+)</.exec(this.page)?.[1];
      const asked = [...lostCat.questions, ...hedgehog.questions].find((question) => question.text === text);
      const options = [...this.page.matchAll(/value="(\d)"><span>([^<]+)</g)];
      return options.find(([, , option]) => option === asked?.options[0])?.[1] as string;
    }
    const [left, sign, ...rest] = numbers as [string, string, ...string[]];
    if (rest[0] === '=') return String(Number(rest[1]) - Number(left));
    const right = Number(rest[0]);
    return String(
      { '+': Number(left) + right, '−': Number(left) - right, '×': Number(left) * right, ':': Number(left) / right }[sign],
    );
  }

  async finish(wrong = 0): Promise<void> {
    for (let count = 0; this.page.includes('name="position"'); count += 1) {
      const right = this.solve();
      const answer =
        count < wrong
          ? this.page.includes('class="choice"')
            ? String((Number(right) + 1) % 3)
            : String(Number(right) + 1)
          : right;
      await this.post('/answer', { position: this.position, answer });
      expect(this.page).toContain(count < wrong ? 'feedback wrong' : 'feedback right');
      await this.post('/next');
    }
  }
}

const decode = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const resultsOf = (resourceLinkId: string) =>
  world.platform.work('lti', ({ knex }) =>
    knex('results')
      .join('line_items', 'line_items.id', 'results.line_item_id')
      .where({ resource_link_id: resourceLinkId })
      .select('results.*'),
  );

describe('the practice tool', () => {
  it('is announced to the operator, is in the library and is registered', async () => {
    expect(world.platform.announcements).toContain(`Practice tool: ${toolUrl}`);
    const registrations = await world.rows('registrations', { key: 'practice' });
    expect(registrations).toMatchObject([
      { source: 'connector-practice', client_id: 'practice-tool', login_url: `${toolUrl}/login` },
    ]);
    const activities = await world.platform.work('library', ({ knex }) =>
      knex('activities').where('source', 'like', 'tool:practice%'),
    );
    expect(activities).toHaveLength(9);
  });

  it('leads a child from the launch through the exercise to a score that arrives', async () => {
    const visit = await Visit.begin(request('tables'));
    expect(visit.page).toContain('<h1>Alle tafels door elkaar</h1>');
    expect(visit.page).toContain('Vraag 1 van 10');
    await visit.finish(2);
    expect(visit.page).toContain('Je had 8 van de 10 juist');
    expect(visit.page).toContain('Je score is doorgestuurd naar je leraar.');
    expect(visit.page).toMatch(/href="[^"]+\/api\/lti\/launches\/[0-9a-f-]{36}\/return" target="_top">Terug naar mijn spoor/);
    expect(await resultsOf('step-tables')).toMatchObject([{ person_id: world.pupil.id, score_given: 8, score_maximum: 10 }]);
    expect((await world.received()).at(-1)).toMatchObject({
      resourceLinkId: 'step-tables',
      personId: world.pupil.id,
      scoreGiven: 8,
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    });
  });

  it.each([
    'splits-10',
    'plus-minus-20',
    'plus-minus-100',
    'complete-100',
    'tables-2-5-10',
    'divisions',
    'reading-cat',
    'reading-hedgehog',
  ])('has an exercise %s that can be completed without a mistake', async (exercise) => {
    const visit = await Visit.begin(request(exercise));
    await visit.finish();
    const total = exercise.startsWith('reading') ? 6 : 10;
    expect(visit.page).toContain(`Je had ${total} van de ${total} juist`);
    expect(await resultsOf(`step-${exercise}`)).toMatchObject([{ score_given: total, score_maximum: total }]);
  });

  it('lets a child try again, and sends the later score too', async () => {
    const visit = await Visit.begin(request('splits-10', { resourceLinkId: 'step-again' }));
    await visit.finish(6);
    expect(await resultsOf('step-again')).toMatchObject([{ score_given: 4 }]);
    await visit.post('/again');
    await visit.finish();
    expect(await resultsOf('step-again')).toMatchObject([{ score_given: 10 }]);
  });

  it('keeps the first answer to a question, whatever the browser sends later', async () => {
    const visit = await Visit.begin();
    const position = visit.position;
    await visit.post('/answer', { position, answer: '0' });
    expect(visit.page).toContain('feedback wrong');
    await visit.post('/answer', { position, answer: visit.solve() });
    expect(visit.page).toContain('feedback wrong');
    await visit.post('/answer', { position: '9', answer: '1' });
    await visit.post('/next');
    await visit.post('/next');
    expect(visit.position).toBe('1');
  });

  it('repeats the question after an input that is not a number', async () => {
    const visit = await Visit.begin();
    for (const answer of ['', 'zeven', '<script>']) {
      await visit.post('/answer', { position: visit.position, answer });
      expect(visit.page).toContain('Vul een getal in.');
      expect(visit.position).toBe('0');
    }
  });

  it('never shows the right answer before the child’s, nor the child’s name', async () => {
    const visit = await Visit.begin(request('reading-hedgehog'));
    expect(visit.page).not.toMatch(/correct|solution|checked/);
    expect(visit.page).not.toContain(world.pupil.id);
  });

  it('speaks the language of the launch', async () => {
    const client = world.pupil.client;
    const opened = await client.get(await world.launch(client, request('tables')), { headers: { 'accept-language': 'fr' } });
    const login = await call(opened.headers.get('location') as string);
    const answer = await client.get(login.headers.get('location') as string);
    const form = readFormPost(answer.status, answer.body, answer.headers);
    const taken = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
    const { body } = await call(`${toolUrl}${taken.headers.get('location')}`);
    expect(body).toContain('<html lang="fr">');
    expect(body).toContain('Question 1 sur 10');
  });

  it('sends no score for a teacher', async () => {
    const teacher = await world.person('teacher', world.school);
    const visit = await Visit.begin(
      request('splits-10', { resourceLinkId: 'step-look', personId: teacher.id, role: 'Instructor' }),
      teacher.client,
    );
    await visit.finish();
    expect(visit.page).toContain('Je had 10 van de 10 juist');
    expect(visit.page).not.toContain('doorgestuurd');
    expect(await resultsOf('step-look')).toEqual([]);
  });

  it('keeps a score that could not be delivered, and sends it again on request', async () => {
    const visit = await Visit.begin(request('splits-10', { resourceLinkId: 'step-late' }));
    // The platform does not know the line item for a while.
    const rename = (from: string, to: string) =>
      world.platform.work('lti', ({ knex }) => knex('resource_links').where({ context_id: from }).update({ context_id: to }));
    await world.platform.work('lti', ({ knex }) => knex('contexts').insert({ id: 'aside', school_id: world.school, title: 'x' }));
    await rename('path-1', 'aside');
    await visit.finish();
    expect(visit.page).toContain('Je score is nog niet doorgestuurd.');
    await rename('aside', 'path-1');
    await visit.post('/send');
    expect(visit.page).toContain('Je score is doorgestuurd naar je leraar.');
    expect(await resultsOf('step-late')).toMatchObject([{ score_given: 10 }]);
  });

  it('reports clearly that an exercise does not exist', async () => {
    const form = await formForTool(request('flying', { resourceLinkId: 'step-flying' }));
    const answer = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
    expect(answer.status).toBe(404);
    expect(decode(answer.body)).toContain('Deze oefening bestaat niet');
  });

  it('loads nothing from elsewhere, runs no script and may be framed by the portal only', async () => {
    const { headers, body } = await call(toolUrl);
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self' ${world.platform.url}`,
    );
    expect(body).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
    expect(headers.get('set-cookie')).toBeNull();
  });
});

describe('it refuses', () => {
  const refused = async (answer: Promise<Answer>, reason: string) => {
    const { status, body } = await answer;
    expect(status).toBe(400);
    expect(decode(body)).toContain(reason);
  };

  it('a login initiation of another platform or for another client', async () => {
    await refused(call(`${toolUrl}/login?iss=https://evil.example&login_hint=x&target_link_uri=x`), 'iss is not');
    await refused(post('/login', { iss: world.platform.url, login_hint: 'x', client_id: 'other' }), 'client_id is not');
    await refused(post('/login', { iss: world.platform.url }), 'login_hint is missing');
  });

  it('an id_token without a launch that it began, or a second time', async () => {
    const form = await formForTool();
    await refused(post('/launch', { ...form.fields, state: 'made-up' }), 'state is unknown');
    const other = await formForTool();
    await refused(post('/launch', { state: other.fields.state as string, id_token: form.fields.id_token as string }), 'nonce');
    expect((await post('/launch', form.fields)).status).toBe(303);
    await refused(post('/launch', form.fields), 'state is unknown');
  });

  it('an id_token that was changed', async () => {
    const form = await formForTool();
    const [head, body, signature] = (form.fields.id_token as string).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    await refused(post('/launch', { ...form.fields, id_token: `${head}.${changed}.${signature}` }), 'id_token');
  });

  it('an unknown page, form or address', async () => {
    expect((await call(`${toolUrl}/exercise?s=guess`)).status).toBe(404);
    expect((await post('/answer', { s: 'guess', position: '0', answer: '1' })).status).toBe(404);
    expect((await call(`${toolUrl}/nothing`)).status).toBe(404);
    expect((await post('/answer', { s: 'x'.repeat(100_000) })).status).toBe(413);
  });
});
