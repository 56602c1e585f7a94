/** A GUIDRef of OneRoster: where something else is found. */
export type Reference = (kind: 'org' | 'academicSession' | 'course' | 'class' | 'user', id: string) => object;

/** One kind of object: the query that finds all of it, in columns `id`, `modified` and `active`, and its JSON. */
export interface Resource {
  /** Member that holds one. */
  one: string;
  /** Member that holds several. */
  many: string;
  sql: string;
  /** Fields by which lists can be filtered and sorted, in addition to sourcedId, status and dateLastModified, and their columns. */
  fields: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: a row of `sql`
  toJson(row: any, reference: Reference): object;
}

/** Years of school in the words of CEDS, which OneRoster uses: from 01 to 12, and KG before. */
const gradeOf = (grade: number | null): string[] => (grade === null ? [] : [grade === 0 ? 'KG' : String(grade).padStart(2, '0')]);

const orgs = (many: string, one: string): Resource => ({
  one,
  many,
  sql: 'select id::text, updated_at as modified, true as active, name, instellingsnummer as identifier from schools',
  fields: { name: 'name', identifier: 'identifier' },
  toJson: ({ name, identifier }) => ({ name, type: 'school', identifier }),
});

const sessions = (many: string, one: string): Resource => ({
  one,
  many,
  sql: `select id::text, starts_on::timestamptz as modified, true as active, name as title, starts_on, ends_on, school_id::text
          from school_years`,
  fields: { title: 'title', startDate: 'starts_on', endDate: 'ends_on' },
  toJson: ({ title, starts_on, ends_on }) => ({
    title,
    startDate: starts_on,
    endDate: ends_on,
    type: 'schoolYear',
    schoolYear: title.slice(-4),
  }),
});

const users = (many: string, one: string, only = ''): Resource => ({
  one,
  many,
  // The address only of staff, and only where their school releases it. Of people who left, no name.
  sql: `select p.id::text, p.updated_at as modified, p.active, p.kind,
               case when p.active then p.given_name else '–' end as given_name,
               case when p.active then p.family_name else '–' end as family_name,
               case when p.active and p.kind = 'staff' and exists (
                 select from memberships m join schools s on s.id = m.school_id
                  where m.person_id = p.id and m.active and s.release_email) then p.email end as email,
               coalesce((select jsonb_agg(jsonb_build_object('school', m.school_id, 'role', coalesce(r.role, p.kind)) order by m.school_id, r.role)
                           from memberships m left join roles r on r.person_id = m.person_id and r.school_id = m.school_id
                          where m.person_id = p.id and m.active), '[]') as roles
          from people p where p.school_ids <> '{}' ${only}`,
  fields: { familyName: 'family_name', givenName: 'given_name' },
  toJson: ({ active, given_name, family_name, email, roles }, reference) => ({
    enabledUser: active ? 'true' : 'false',
    givenName: given_name,
    familyName: family_name,
    ...(email === null ? {} : { email }),
    roles: roles.map(({ school, role }: { school: string; role: string }, index: number) => ({
      roleType: index === 0 ? 'primary' : 'secondary',
      role: roleNames[role] ?? 'teacher',
      org: reference('org', school),
    })),
  }),
});

const roleNames: Record<string, string> = {
  pupil: 'student',
  teacher: 'teacher',
  principal: 'principal',
  'ict-coordinator': 'siteAdministrator',
  // Has no rights over people: partners are not told of an administrator.
  'group-helper': 'aide',
  'guest-teacher': 'aide',
};

/** The kinds of objects of the Rostering Service, by the last part of the address of their list. */
export const resources = {
  orgs: orgs('orgs', 'org'),
  schools: orgs('orgs', 'org'),
  academicSessions: sessions('academicSessions', 'academicSession'),
  terms: sessions('academicSessions', 'academicSession'),
  courses: {
    one: 'course',
    many: 'courses',
    // Flemish schools send classes without courses, and OneRoster wants one for each class: it is that of the school.
    sql: `select 'course-' || id as id, updated_at as modified, true as active, name as title, id::text as school_id from schools`,
    fields: { title: 'title' },
    toJson: ({ title, school_id }, reference) => ({ title, org: reference('org', school_id) }),
  },
  classes: {
    one: 'class',
    many: 'classes',
    sql: `select c.id::text, c.updated_at as modified, c.active, c.name as title, c.grade, c.school_id::text, y.id::text as year
            from classes c left join school_years y on y.school_id = c.school_id and y.name = c.school_year
           where c.kind = 'class'`,
    fields: { title: 'title' },
    toJson: ({ title, grade, school_id, year }, reference) => ({
      title,
      classType: 'homeroom',
      grades: gradeOf(grade),
      course: reference('course', `course-${school_id}`),
      school: reference('org', school_id),
      terms: year === null ? [] : [reference('academicSession', year)],
    }),
  },
  users: users('users', 'user'),
  students: users('users', 'user', `and p.kind = 'pupil'`),
  teachers: users('users', 'user', `and p.kind = 'staff'`),
  enrollments: {
    one: 'enrollment',
    many: 'enrollments',
    sql: `select e.id::text, e.updated_at as modified, e.active, e.role, e.begins_on, e.ends_on,
                 e.person_id::text, e.class_id::text, e.school_id::text
            from enrolments e join classes c on c.id = e.class_id and c.kind = 'class'`,
    fields: { role: `case role when 'pupil' then 'student' else role end` },
    toJson: ({ role, begins_on, ends_on, person_id, class_id, school_id }, reference) => ({
      role: role === 'pupil' ? 'student' : 'teacher',
      ...(begins_on === null ? {} : { beginDate: begins_on }),
      ...(ends_on === null ? {} : { endDate: ends_on }),
      user: reference('user', person_id),
      class: reference('class', class_id),
      school: reference('org', school_id),
    }),
  },
} satisfies Record<string, Resource>;

export type ResourceName = keyof typeof resources;
