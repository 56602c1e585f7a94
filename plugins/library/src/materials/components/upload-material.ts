import { ApiProblem } from '@ilearn/ui';
import { library } from '../../client.js';
import type { Material } from '../model.js';

/** Types that a file input offers; the server checks the content. */
export const acceptedFiles = '.pdf,.jpg,.jpeg,.png,.webp,.gif,.txt,.docx,.pptx,.xlsx,.odt,.odp,.ods,.mp3,.mp4';
export const acceptedPictures = '.jpg,.jpeg,.png,.webp,.gif';

/** Uploads a file for an activity of a school. */
export function uploadMaterial(file: File, school: string): Promise<Material> {
  const body = new FormData();
  body.set('school', school);
  body.set('file', file);
  return library.post('/materials', { body });
}

/** Key of the message that says why a file was refused. */
export function refusalOf(problem: unknown): string {
  const status = problem instanceof ApiProblem ? problem.status : 0;
  if (status === 413) return 'materials.tooLarge';
  if (status === 415) return 'materials.otherType';
  return status === 422 ? 'materials.refused' : 'materials.failed';
}
