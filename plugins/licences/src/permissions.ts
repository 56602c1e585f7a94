export const permissions = {
  'licence:school': ['ict-coordinator', 'principal', 'portal-administrator'],
  'licence:provide': ['tool-manager', 'portal-administrator'],
  'licence:manage': ['portal-administrator'],
};
