/** A kind of message, and the scope that a school must have switched on for an app to get it. */
export interface MessageType {
  name: string;
  /** Null: it concerns the app itself. */
  scope: string | null;
}

const classes = 'directory.classes:read';
const members = 'directory.members:read';
const progress = 'myway.progress:read';

/** Every kind of message that an app can ask for. docs/api.md lists what each holds. */
export const messageTypes: readonly MessageType[] = [
  { name: 'api.grant-changed', scope: null },
  { name: 'directory.classes-added', scope: classes },
  { name: 'directory.classes-changed', scope: classes },
  { name: 'directory.classes-removed', scope: classes },
  { name: 'directory.members-changed', scope: members },
  { name: 'myway.assignment-given', scope: progress },
  { name: 'myway.assignment-changed', scope: progress },
  { name: 'myway.assignment-withdrawn', scope: progress },
  { name: 'myway.step-done', scope: progress },
  { name: 'myway.step-reset', scope: progress },
  { name: 'myway.path-finished', scope: progress },
];

/** Sent when a developer tries an endpoint out. */
export const tryOutType = 'api.try-out';

export const typeNames = messageTypes.map(({ name }) => name) as [string, ...string[]];
export const scopeOfType = (name: string): string | null => messageTypes.find((type) => type.name === name)?.scope ?? null;
