import { commandContribution, shortcutContribution } from './commands/command.js';
import { sourceContribution } from './sources/source.js';

export const points = { sources: sourceContribution, commands: commandContribution, shortcuts: shortcutContribution };
