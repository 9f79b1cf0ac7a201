import type { core } from 'zod';
import type { ZodMiniType } from 'zod/mini';
import type { FieldError } from '../errors.ts';

type Issue = core.$ZodIssue;
type Path = readonly (string | number)[];

/** The errors of a value by Discord's own OpenAPI description, in Discord's words. */
export function schemaErrors(schema: ZodMiniType, value: unknown, path: Path = []): FieldError[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => fieldErrors(issue, value, path));
}

function fieldErrors(issue: Issue, root: unknown, base: Path): FieldError[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const value = path.reduce<unknown>(memberOf, root);
  if (issue.code === 'invalid_union') return unionErrors(issue.errors, value, [...base, ...path]);
  return [{ path: [...base, ...path], ...describe(issue, value) }];
}

/** Discord picks the member of a union by `type`, and only reports the errors of that one. */
function unionErrors(branches: readonly Issue[][], value: unknown, path: Path): FieldError[] {
  const meant = branches.find((issues) => issues.length > 0 && issues.every(isAboutDetails));
  if (meant) return meant.flatMap((issue) => fieldErrors(issue, value, path));
  const types = branches.flat().flatMap((issue) => {
    return issue.code === 'invalid_value' && issue.path[0] === 'type' ? issue.values.map(String) : [];
  });
  if (types.length === 0) return (branches[0] ?? []).flatMap((issue) => fieldErrors(issue, value, path));
  const message = `Value of field "type" must be one of (${types.join(', ')}).`;
  return [{ path: [...path, 'type'], code: 'UNION_TYPE_CHOICES', message }];
}

/** Whether the union's member was the right one, but with wrong details. */
function isAboutDetails({ code, path: [key] }: Issue): boolean {
  return key === undefined ? code !== 'invalid_type' && code !== 'invalid_value' : key !== 'type';
}

function describe(issue: Issue, value: unknown): { code: string; message: string } {
  if (value === undefined || (value === null && issue.code === 'invalid_type')) return REQUIRED;
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value);
    case 'invalid_value':
      return {
        code: 'BASE_TYPE_CHOICES',
        message: `Value must be one of {${issue.values.map(quoted).join(', ')}}.`,
      };
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` }
        : { code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` };
    case 'too_small':
      return tooSmall(issue, value);
    case 'invalid_format':
      return wrongFormat(issue.format, value);
    default:
      return { code: 'BASE_TYPE_INVALID', message: issue.message };
  }
}

const REQUIRED = { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };

function tooSmall(issue: core.$ZodIssueTooSmall, value: unknown) {
  if (value === '') return REQUIRED;
  return issue.origin === 'string' || issue.origin === 'array'
    ? { code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${issue.minimum} or more in length.` }
    : { code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` };
}

function wrongType(expected: string, value: unknown) {
  switch (expected) {
    case 'string':
      return { code: 'STRING_TYPE_CONVERT', message: `Could not interpret ${quoted(value)} as string.` };
    case 'array':
      return { code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' };
    case 'boolean':
      return { code: 'BOOLEAN_TYPE_CONVERT', message: 'Must be either true or false.' };
    case 'object':
    case 'record':
      return { code: 'MODEL_TYPE_CONVERT', message: 'Only dictionaries may be used in a ModelType' };
    default:
      return { code: 'NUMBER_TYPE_COERCE', message: `Value ${quoted(value)} is not int.` };
  }
}

function wrongFormat(format: string, value: unknown) {
  switch (format) {
    case 'url':
      return { code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' };
    case 'datetime':
      return { code: 'DATE_TIME_TYPE_PARSE', message: `Could not parse ${value}. Should be ISO8601.` };
    default:
      return { code: 'NUMBER_TYPE_COERCE', message: `Value ${quoted(value)} is not snowflake.` };
  }
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function memberOf(parent: unknown, key: string | number): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
}
