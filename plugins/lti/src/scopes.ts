export const agsScopes = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  resultReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
} as const;

/** Names and Role Provisioning Services 2.0 §1.2. */
export const membersScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

/** Scopes of a tool whose registration names none. */
export const gradeScopes = Object.values(agsScopes);
/** All scopes that a tool can be allowed. */
export const serviceScopes = [...gradeScopes, membersScope] as const;
export type ServiceScope = (typeof serviceScopes)[number];
