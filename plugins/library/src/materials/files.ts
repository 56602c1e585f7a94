/** Files and pictures of activities that teachers make. */
export const files = {
  materials: {
    tenant: 'school_id',
    types: [
      'application/pdf',
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/gif',
      'text/plain',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.oasis.opendocument.text',
      'application/vnd.oasis.opendocument.presentation',
      'application/vnd.oasis.opendocument.spreadsheet',
      'audio/mpeg',
      'video/mp4',
    ],
    maxBytes: 50 * 1024 * 1024,
  },
} as const;

/** The most files that are attached to one activity. */
export const mostFiles = 10;
/** The most pictures in the text of one activity. */
export const mostPictures = 100;
/** Hours after which an upload that no activity uses is removed. */
export const unusedHours = 24;

export const isPicture = (type: string): boolean => type.startsWith('image/');
