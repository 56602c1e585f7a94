/** How a tool is opened: in place of the page, in a frame of the portal, in a new tab or in a window of its own. */
export const presentations = ['same', 'frame', 'tab', 'window'] as const;
export type Presentation = (typeof presentations)[number];
