/** Small files as Dwengo writes them. */
export const learningObject = (of: {
  hruid: string;
  title?: string;
  version?: number;
  head?: string;
  body?: string;
  difficulty?: string;
  time?: string;
  ages?: string;
  type?: string;
}): string => `---
hruid: ${of.hruid}
version: ${of.version ?? 3}
language: nl
title: "${of.title ?? `Titel ${of.hruid}`}"
description: "Over ${of.hruid}"
keywords: ["AI"]
educational_goals: [
    {source: Source, id: id}
]
copyright: dwengo
licence: dwengo
content_type: ${of.type ?? 'text/markdown'}
available: true
target_ages: ${of.ages ?? '[14, 15, 16]'}
difficulty: ${of.difficulty ?? '3'}
estimated_time: ${of.time ?? '10'}
${of.head ?? ''}
---

${of.body ?? `# Tekst van ${of.hruid}`}
`;

/** A path that leads from the first object to the last. */
export const learningPath = (hruid: string, objects: string[], title = `Pad ${hruid}`): string =>
  JSON.stringify(
    {
      hruid,
      language: 'nl',
      title,
      description: `Over ${title}`,
      image: 'iVBORw0KGgo=',
      nodes: objects.map((object, index) => ({
        learningobject_hruid: object,
        version: '3',
        language: 'nl',
        ...(index === 0 ? { start_node: true } : {}),
        ...(index < objects.length - 1
          ? { transitions: [{ default: true, next: { hruid: objects[index + 1], version: '3', language: 'nl' } }] }
          : {}),
      })),
    },
    null,
    2,
  );
