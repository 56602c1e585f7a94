import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { ImportRefused, type Remark } from './fault.js';
import type { ImportResult, Tally } from './import.js';
import { type DwengoContent, readDwengo } from './read.js';

export const importDwengo = commandFor<Cradle>()({
  name: 'import dwengo',
  summary: 'Learning objects and paths of Dwengo into the library and the shared paths; a second run changes nothing',
  usage: '<dir>',
  async run({ args, work, progress, print }) {
    const [folder, ...more] = args;
    if (folder === undefined || more.length > 0) throw new CommandError('Name one folder: ilearn import dwengo <dir>');
    try {
      const content = await readDwengo(folder);
      const result = await work((services) => services.dwengo.store(content, progress));
      for (const line of report(content, result)) print(line);
    } catch (error) {
      if (error instanceof ImportRefused) throw new CommandError(error.message);
      throw error;
    }
  },
});

/** The report for the operator: counts of imported records, then each record that was not imported, with the reason. */
export function report(content: DwengoContent, result: ImportResult): string[] {
  const left = content.leftOut.length;
  return [
    `Learning objects: ${tally(result.objects)}`,
    `Learning paths:   ${tally(result.paths)}`,
    ...(content.pathPictures > 0
      ? [
          `Pictures of paths are not stored (${content.pathPictures === 1 ? '1 path has' : `${content.pathPictures} paths have`} one).`,
        ]
      : []),
    ...section(`Left out as a whole (${left}):`, content.leftOut),
    ...section('Taken, with these remarks:', [...content.remarks, ...result.unknownConcepts]),
  ];
}

const tally = ({ added, changed, unchanged }: Tally): string => `${added} added, ${changed} changed, ${unchanged} unchanged`;

const section = (heading: string, remarks: readonly Remark[]): string[] =>
  remarks.length === 0
    ? []
    : [
        '',
        heading,
        ...[...remarks].sort((a, b) => a.file.localeCompare(b.file)).map(({ file, message }) => `  ${file}: ${message}`),
      ];
