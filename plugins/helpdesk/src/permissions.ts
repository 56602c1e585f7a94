const school = ['teacher', 'ict-coordinator', 'principal'];
/** Helpers for the schools of a school group. */
const group = 'group-helper';
const providers = ['planner', 'trainer', 'coach', 'tool-manager', 'first-line-helper'];
/** Helpers of the portal as a whole. */
const portal = ['helpdesk-agent', 'portal-administrator'];

/** Who may do what at the helpdesk. Which tickets are theirs is decided by school, provider and person. */
export const permissions = {
  'helpdesk:ask': [...school, group, ...providers, ...portal],
  'helpdesk:ask-pupil': ['pupil'],
  /** Read and answer the tickets in which one takes part. */
  'helpdesk:follow': ['pupil', ...school, group, ...providers, ...portal],
  'helpdesk:handle': ['ict-coordinator', group, 'first-line-helper', ...portal],
  'helpdesk:write-articles': portal,
  'helpdesk:manage-outages': portal,
  'helpdesk:manage-mail': portal,
  'helpdesk:manage-service-levels': portal,
  /** Add wishes, and have a voice. */
  'helpdesk:wish': school,
  'helpdesk:hand-wishes': portal,
  /** Answer wishes; people of providers those that were handed to their provider. */
  'helpdesk:answer-wishes': ['tool-manager', 'planner', 'first-line-helper', ...portal],
};
