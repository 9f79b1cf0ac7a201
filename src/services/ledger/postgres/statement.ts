import type { Parameters, Query, Row, Statement, Steps } from '../database.ts';

/** The only character that PostgreSQL's text can't contain (docs: datatype-character.html). It is invisible. */
const NUL = /\0/g;

/**
 * A ledger statement for PostgreSQL. `:name` becomes `$1`, and `name` lets each connection plan it only once. Hints
 * that tell SQLite which index to use are removed.
 */
export function createStatement(name: string, sql: string): Statement {
  const names: string[] = [];
  const numberOf = (parameter: string) => {
    if (!names.includes(parameter)) names.push(parameter);
    return names.indexOf(parameter) + 1;
  };
  const text = sql
    .replace(/ INDEXED BY \w+/g, '')
    .replace(/(?<!:):([a-z]\w*)/gi, (_, parameter: string) => `$${numberOf(parameter)}`);

  function query(parameters: Parameters = {}): Query {
    return { name, text, values: names.map((each) => storable(parameters[each])) };
  }

  return {
    *get(parameters): Steps<Row | undefined> {
      return (yield [query(parameters)])[0]?.rows[0];
    },
    *all(parameters): Steps<readonly Row[]> {
      return (yield [query(parameters)])[0]?.rows ?? [];
    },
    *run(parameters): Steps<number> {
      return (yield [query(parameters)])[0]?.changes ?? 0;
    },
  };
}

function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(NUL, '') : (value ?? null);
}
