import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Outcome } from './curriculum-import.js';
import type { Curriculum } from './model.js';
import { readFiles } from './read-files.js';

const command = commandFor<Cradle>();

/** `ilearn import skos`: the files of one call complement each other. Either all are stored or none. */
export const importSkos = command({
  name: 'import skos',
  summary: 'Import concept schemes (SKOS in Turtle) as the curriculum that activities refer to',
  usage: '<file.ttl...>',
  options: {
    'dry-run': { type: 'boolean', help: 'Show what would change, store nothing' },
    'allow-removals': { type: 'boolean', help: 'Remove what the files no longer contain, however much that is' },
  },
  async run({ args, options, work, progress, print }) {
    if (args.length === 0) throw new CommandError('Name at least one Turtle file: ilearn import skos <file.ttl...>');
    const curriculum = await readFiles(args);
    if (curriculum.schemes.length === 0) {
      reportLeftOut(curriculum, print);
      throw new CommandError(
        'These files contain no skos:ConceptScheme. Nothing was stored. Import them together with the file that describes the scheme.',
      );
    }
    const size = curriculum.schemes.reduce((sum, { concepts, collections }) => sum + concepts.length + collections.length, 0);
    progress.start('Storing concepts', size);
    let outcome: Outcome;
    try {
      outcome = await work(async (services) => {
        const stored = await services.curriculum.store(curriculum, {
          files: args,
          allowRemovals: options['allow-removals'] === true,
          advance: (count) => progress.advance(count),
        });
        if (options['dry-run'] === true) throw new DryRun(stored);
        return stored;
      });
    } catch (error) {
      if (!(error instanceof DryRun)) throw error;
      outcome = error.outcome;
    } finally {
      progress.stop();
    }
    report(curriculum, outcome, print);
    if (options['dry-run'] === true) print('This was a dry run: nothing was stored.');
  },
});

/** Thrown to roll back the unit of work; contains what the import would have done. */
class DryRun extends Error {
  constructor(readonly outcome: Outcome) {
    super('dry run');
  }
}

const number = (value: number): string => value.toLocaleString('en');

function report(curriculum: Curriculum, { changes, reindexed, toReindex }: Outcome, print: (line: string) => void): void {
  const { schemes } = curriculum;
  const sum = (count: (scheme: Curriculum['schemes'][number]) => number) =>
    number(schemes.reduce((total, one) => total + count(one), 0));
  const labels = sum(
    (scheme) =>
      scheme.concepts.reduce((n, one) => n + one.labels.length, 0) +
      scheme.collections.reduce((n, one) => n + one.labels.length, 0),
  );
  print(
    `Read ${number(schemes.length)} schemes, ${sum(({ collections }) => collections.length)} collections, ` +
      `${sum(({ concepts }) => concepts.length)} concepts, ${labels} labels.`,
  );
  for (const { uri, label, version, change, concepts, collections, deprecated } of changes) {
    const kept = deprecated === 0 ? '' : `; ${number(deprecated)} no longer in it, kept as deprecated`;
    const holds = [
      concepts > 0 || collections === 0 ? `${number(concepts)} concepts` : '',
      collections > 0 ? `${number(collections)} collections` : '',
    ]
      .filter(Boolean)
      .join(', ');
    print(`  ${change.padEnd(9)}  ${label} (${uri}), version ${version}: ${holds}${kept}`);
  }
  if (reindexed > 0) print(`Renewed the search words of ${number(reindexed)} activities.`);
  if (toReindex > 0) print(`The portal renews the search words of ${number(toReindex)} activities, some at a time.`);
  reportLeftOut(curriculum, print);
}

function reportLeftOut({ leftOut }: Curriculum, print: (line: string) => void): void {
  if (leftOut.length === 0) return;
  print('Left out:');
  for (const { what, why, count, examples } of leftOut) print(`  ${number(count)} × ${what}: ${why} (${examples.join(', ')})`);
}
