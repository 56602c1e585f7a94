import type { TestPlatform } from '@ilearn/core/testing';

/** Half of all people, classes and titles get a name without a place to break, the other half one that is written from right to left. */
export async function giveLongNames(portal: TestPlatform): Promise<void> {
  const half = "case when id < '80000000-0000-0000-0000-000000000000' then";
  await portal.work('directory', async ({ knex }) => {
    await knex('people').update({
      given_name: knex.raw(`${half} 'Maximiliaan-Alexander' else 'عبد الرحمن' end`),
      family_name: knex.raw(`${half} 'Vanderhaeghenbroeckxwolfeschlegelsteinhausen' else 'بن عبد العزيز الفاسي الإدريسي' end`),
    });
    await knex('classes').update({ name: knex.raw(`${half} 'Vreemdetalenonthaalklas3A' else 'الصف الثالث' end`) });
  });
  await portal.work('myway', ({ knex }) =>
    knex('paths').update({
      title: knex.raw(
        `${half} 'Vermenigvuldigingstafelsherhalingsoefeningenreeks voor het derde leerjaar' else 'جدول الضرب والقسمة للصف الثالث' end`,
      ),
    }),
  );
}
