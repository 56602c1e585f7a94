import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { csvOfRows } from '../../../ui/src/base/csv.js';
import { HEIGHT, rideOf } from '../src/classes/ride.js';
import { Autosave } from '../src/paths/autosave.js';
import { contentOf, type Draft, type DraftStep, draftOf, moved, stepFor, withAnswer } from '../src/paths/draft.js';
import { changedField, DraftHistory } from '../src/paths/draft-history.js';
import { columnsInParts } from '../src/progress/columns-in-parts.js';
import { tableOf } from '../src/progress/csv.js';
import { gridMove } from '../src/progress/grid-keys.js';

const step = (id: string) => ({
  id,
  activityId: `activity-${id}`,
  content: null,
  after: [],
  block: null,
  arm: null,
  title: null,
  note: '',
  required: true,
  shownTitle: `Stap ${id}`,
  kind: 'text' as const,
  provider: '',
  minutes: null,
  teacherOnly: false,
  available: true,
  linkBroken: false,
  area: null,
  language: null,
});
const path = (...ids: string[]) => ({
  id: 'p',
  title: 'Tafels',
  description: '',
  scope: 'own' as const,
  owner: null,
  editable: true,
  sequence: 'in-order' as const,
  version: 1,
  minutes: 0,
  area: null,
  updatedAt: '',
  steps: ids.map(step),
  blocks: [],
  colleaguesEdit: false,
});
const activity = {
  ...step('x'),
  id: 'activity-new',
  title: 'Nieuw',
  description: '',
  language: 'nl',
  ageFrom: null,
  ageTo: null,
  difficulty: null,
  concepts: [],
};

describe('a path that is being edited', () => {
  it('adopts ids and version of the answer, and keeps what was typed meanwhile', () => {
    const before = draftOf(path('a'));
    const sent = { ...before, steps: [...before.steps, stepFor(activity)] };
    const typed = { ...sent, title: 'Tafels van 7', steps: moved(sent.steps, 1, 0) };
    const after = withAnswer(
      typed,
      sent.steps.map((each) => each.key),
      { ...path('a', 'b'), version: 2 },
    );
    expect(after).toMatchObject({
      version: 2,
      title: 'Tafels van 7',
      steps: [{ id: 'b', activityId: 'activity-new' }, { id: 'a' }],
    });
    expect(contentOf(after, 'Tafels').steps.map((each) => each.id)).toEqual(['b', 'a']);
  });

  it('sends no empty title, and no id for a new step', () => {
    const draft = { ...draftOf(path()), title: '  ', steps: [{ ...stepFor(activity), title: ' ' }] };
    const content = contentOf(draft, 'Tafels');
    expect(content.title).toBe('Tafels');
    expect(content.steps).toEqual([
      {
        ref: draft.steps[0]?.key,
        activityId: 'activity-new',
        content: null,
        title: null,
        note: '',
        required: true,
        after: [],
        block: null,
        arm: null,
      },
    ]);
  });

  it('moves a step up and down, within the list', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'b', 'c']);
  });
});

describe('automatic saving', () => {
  const sound = { now: true };

  const make = (save: () => Promise<void>) => {
    const states: string[] = [];
    const autosave: Autosave = new Autosave({
      milliseconds: 0,
      save,
      isRefusal: (problem) => problem === 'refused',
      isSound: () => sound.now,
      changed: () => states.push(autosave.state),
    });
    return { autosave, states };
  };

  it('holds what has an error until a change mends it', async () => {
    let saves = 0;
    const { autosave, states } = make(async () => {
      saves += 1;
    });
    sound.now = false;
    autosave.touch();
    expect(await autosave.now()).toBe(false);
    expect([saves, autosave.state]).toEqual([0, 'held']);
    sound.now = true;
    autosave.touch();
    expect(await autosave.now()).toBe(true);
    expect(saves).toBe(1);
    expect(states.at(-1)).toBe('saved');
  });

  it('saves once more when something changed during a save', async () => {
    let saves = 0;
    const { autosave, states } = make(async () => {
      saves += 1;
      if (saves === 1) autosave.touch();
    });
    autosave.touch();
    expect(await autosave.now()).toBe(true);
    expect(saves).toBe(2);
    expect(states).toEqual(['waiting', 'saving', 'saving', 'saved']);
  });

  it('never runs two saves at once', async () => {
    let running = 0;
    let most = 0;
    const { autosave } = make(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    autosave.touch();
    await Promise.all([autosave.now(), autosave.now(), autosave.now()]);
    expect(most).toBe(1);
    expect(autosave.state).toBe('saved');
  });

  it('keeps changes that could not be saved, to try again', async () => {
    let fail = true;
    const { autosave } = make(async () => {
      if (fail) throw new Error('offline');
    });
    autosave.touch();
    expect(await autosave.now()).toBe(false);
    expect(autosave.state).toBe('failed');
    fail = false;
    expect(await autosave.now()).toBe(true);
  });

  it('waits for a choice after a refusal, whatever is typed', async () => {
    let refuse = true;
    const { autosave } = make(async () => {
      if (refuse) throw 'refused';
    });
    autosave.touch();
    await autosave.now();
    autosave.touch();
    expect(await autosave.now()).toBe(false);
    expect(autosave.state).toBe('refused');
    refuse = false;
    expect(await autosave.insist()).toBe(true);
  });
});

describe('the class board as a spreadsheet', () => {
  const cell = {
    stepId: 's',
    state: 'done' as const,
    locked: false,
    next: false,
    low: false,
    tries: 1,
    stuck: null,
    lastActiveAt: null,
  };
  const board = {
    assignment: {} as never,
    at: '',
    steps: [{ id: 's', title: 'Tafel; "7"', kind: 'lti' as const, required: true, available: true, linkBroken: false, done: 1 }],
    rows: [
      {
        pupil: { id: '1', givenName: '=HYPERLINK("http://evil")', familyName: 'Aerts' },
        cells: [{ ...cell, score: { given: 1, maximum: 3 } }],
        done: 1,
        total: 2,
        complete: false,
        stuck: false,
        lastActiveAt: '2026-11-20T10:00:00.000Z',
      },
      {
        pupil: { id: '2', givenName: 'Noor', familyName: '-Peeters' },
        cells: [{ ...cell, score: null }],
        done: 0,
        total: 2,
        complete: false,
        stuck: false,
        lastActiveAt: null,
      },
    ],
  };
  const words = {
    familyName: 'Naam',
    givenName: 'Voornaam',
    done: 'Gedaan',
    lastActive: 'Laatst',
    cell: () => 'klaar',
    progress: () => '1 van 2',
  };

  it('has one line per pupil, quotes what must be quoted, and lets no name become a formula', () => {
    expect(csvOfRows(tableOf(board, words)).split('\r\n')).toEqual([
      '\uFEFFNaam;Voornaam;"Tafel; ""7""";Gedaan;Laatst',
      `Aerts;"'=HYPERLINK(""http://evil"")";33,3;1 van 2;2026-11-20`,
      `'-Peeters;Noor;klaar;1 van 2;`,
      '',
    ]);
  });
});

describe('the arrow keys on the class board', () => {
  const size = { rows: 3, columns: 4 };
  it('move the focus, stop at the edges, and ignore other keys', () => {
    const at = { row: 1, column: 3 };
    expect(gridMove('ArrowUp', at, size)).toEqual({ row: 0, column: 3 });
    expect(gridMove('ArrowRight', at, size)).toEqual(at);
    expect(gridMove('Home', at, size)).toEqual({ row: 1, column: 0 });
    expect(gridMove('End', { row: 0, column: 0 }, size, true)).toEqual({ row: 2, column: 3 });
    expect(gridMove('PageDown', at, size)).toEqual({ row: 2, column: 3 });
    expect(gridMove('Tab', at, size)).toBeNull();
  });
});

describe('ux 5: the class riding the line', () => {
  const places = (stations: number) =>
    fc.array(fc.record({ at: fc.integer({ min: 0, max: stations }), stuck: fc.boolean() }), { maxLength: 300 });

  it('draws every pupil once, inside the drawing, and no dot over another', () => {
    const lines = fc
      .integer({ min: 0, max: 100 })
      .chain((stations) =>
        fc.record({ stations: fc.constant(stations), places: places(stations), width: fc.integer({ min: 200, max: 1900 }) }),
      );
    fc.assert(
      fc.property(lines, ({ stations, places: where, width }) => {
        const { stops, dots } = rideOf(
          stations,
          where.map((place, index) => ({ ...place, pupilId: `${index}` })),
          width,
        );
        expect(dots).toHaveLength(where.length);
        expect(stops.reduce((sum, { count }) => sum + count, 0)).toBe(where.length);
        // Each station belongs to one stop, in order, and the end of the line to the last.
        expect(stops.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))).toEqual(
          Array.from({ length: stations + 1 }, (_, index) => index),
        );
        const seen = new Set<string>();
        for (const { x, y, gathered } of dots) {
          expect(x >= 0 && x <= width && y >= 5 && y <= HEIGHT).toBe(true);
          if (gathered) continue;
          const at = `${Math.round(x)} ${Math.round(y)}`;
          expect(seen.has(at)).toBe(false);
          seen.add(at);
        }
      }),
    );
  });

  it('shows hundreds of pupils as numbers', () => {
    const many = Array.from({ length: 400 }, (_, index) => ({ pupilId: `${index}`, at: index % 4, stuck: false }));
    const { stops, dots } = rideOf(3, many, 390);
    expect(stops.map(({ count, gathered }) => [count, gathered])).toEqual(new Array(4).fill([100, true]));
    expect(dots.every(({ gathered }) => gathered)).toBe(true);
  });
});

describe('undo in the builder', () => {
  const step = (key: string, over: Partial<DraftStep> = {}) =>
    ({ key, id: undefined, title: null, note: '', ...over }) as DraftStep;
  const draft = (over: Partial<Draft> = {}) =>
    ({ version: 1, title: 'Tafels', description: '', sequence: 'in-order', steps: [step('a'), step('b')], ...over }) as Draft;
  /** A builder with a clock of its own. */
  const make = () => {
    let now = 0;
    let shown = draft();
    const history = new DraftHistory(() => now);
    const move = (to: Draft | undefined) => {
      shown = to ?? shown;
      return to !== undefined;
    };
    return {
      shown: () => shown,
      wait: (milliseconds: number) => (now += milliseconds),
      edit(change: Partial<Draft>) {
        history.changing(shown, changedField(shown, change));
        shown = { ...shown, ...change };
      },
      answer(ids: Record<string, string>, version: number) {
        shown = { ...shown, version, steps: shown.steps.map((each) => ({ ...each, id: ids[each.key] ?? each.id })) };
        history.note(shown);
      },
      undo: () => move(history.undo(shown)),
      redo: () => move(history.redo(shown)),
    };
  };

  it('undoes typing as a whole, other changes one by one, and does them again', () => {
    const builder = make();
    for (const title of ['T', 'Ta', 'Taf']) builder.edit({ title });
    builder.wait(2_000);
    builder.edit({ title: 'Nieuw' });
    builder.edit({ steps: [step('b')] });
    builder.edit({ steps: [] });
    builder.undo();
    expect(builder.shown().steps.map(({ key }) => key)).toEqual(['b']);
    builder.undo();
    builder.undo();
    expect(builder.shown()).toMatchObject({ title: 'Taf', steps: [{ key: 'a' }, { key: 'b' }] });
    builder.undo();
    expect(builder.shown()).toEqual(draft());
    expect(builder.undo()).toBe(false);
    for (let times = 0; times < 4; times++) expect(builder.redo()).toBe(true);
    expect(builder.shown()).toMatchObject({ title: 'Nieuw', steps: [] });
    expect(builder.redo()).toBe(false);
  });

  it('puts a step back with the id that the server gave it meanwhile, and keeps the server’s version', () => {
    const builder = make();
    builder.edit({ steps: [...draft().steps, step('new')] });
    builder.edit({ sequence: 'free' });
    builder.answer({ new: '7' }, 5);
    builder.edit({ steps: draft().steps });
    builder.answer({}, 6);
    builder.undo();
    expect(builder.shown()).toMatchObject({ version: 6, sequence: 'free', steps: [{}, {}, { key: 'new', id: '7' }] });
  });

  it('comes back to the beginning after any changes, whatever they were', () => {
    const change = fc.oneof(
      fc.record({ title: fc.string() }),
      fc.record({ steps: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')).map((keys) => keys.map((key) => step(key))) }),
      fc.record({ sequence: fc.constantFrom('free' as const, 'in-order' as const) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(change, fc.nat(3_000)), { maxLength: 60 }), (changes) => {
        const builder = make();
        for (const [each, pause] of changes) {
          builder.edit(each);
          builder.wait(pause);
        }
        const last = builder.shown();
        while (builder.undo());
        expect(builder.shown()).toEqual(draft());
        while (builder.redo());
        expect(builder.shown()).toEqual(last);
      }),
    );
  });
});

test('ux 1: the columns of a printed board are split into parts that fit, without losing one', () => {
  fc.assert(
    fc.property(fc.nat(120), fc.integer({ min: 1, max: 30 }), (count, most) => {
      const columns = Array.from({ length: count }, (_, index) => index);
      const parts = columnsInParts(columns, most);
      expect(parts.flat()).toEqual(columns);
      expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(most);
      expect(parts.length).toBe(Math.max(1, Math.ceil(count / most)));
    }),
  );
});
