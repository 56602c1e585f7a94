/**
 * SQL: an expression that is evaluated once per statement, and not for each row. It is cast inside the subquery; outside it, the cast costs
 * nothing and makes `= any (…)` compare with the elements of the array.
 */
export const oncePerStatement = (sql: string, type: string) => `(select (${sql})::${type})::${type}`;
