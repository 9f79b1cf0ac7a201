import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { RecordedRequest } from '../../sandbox/discord/index.ts';

/** The path of Discord's own description of its API, which may be next to the checkout. */
const DOCUMENT = fileURLToPath(new URL('../../../shared/discord/openapi.json', import.meta.url));

/** The path of the description if it is missing; otherwise null. */
export const missingDescription = existsSync(DOCUMENT) ? null : DOCUMENT;

/**
 * The errors of requests by Discord's description: unknown routes, and bodies that don't match. None if the description
 * is missing.
 */
export function requestProblems(
  requests: readonly Pick<RecordedRequest, 'method' | 'route' | 'body'>[],
): string[] {
  if (missingDescription) return [];
  return [...new Set(requests.flatMap(problemsOf))];
}

function problemsOf({ method, route, body }: Pick<RecordedRequest, 'method' | 'route' | 'body'>): string[] {
  const operation = description.paths[route]?.[method.toLowerCase()];
  if (!operation) return [`${method} ${route}: Discord documents no such route`];
  if (body === undefined || body === null || !operation.requestBody) return [];
  const [type] = Object.keys(operation.requestBody.content);
  const validate = validatorOf(
    `#/paths/${escaped(route)}/${method.toLowerCase()}/requestBody/content/${escaped(type ?? '')}/schema`,
  );
  if (validate(withNumericPermissions(body))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${method} ${route}: ${instancePath} ${message}`,
  );
}

/**
 * The description says that a command's `default_member_permissions` is a number; the docs and Discord want a string.
 */
function withNumericPermissions(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value) =>
    key === 'default_member_permissions' && /^\d+$/.test(value) ? Number(value) : value,
  );
}

interface Description {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, unknown> } }>>;
}

const description: Description = missingDescription
  ? { paths: {} }
  : JSON.parse(readFileSync(DOCUMENT, 'utf8'));
const ajv = new Ajv2020({
  strict: false,
  formats: {
    snowflake: true,
    nonce: true,
    int32: true,
    int64: true,
    double: true,
    uri: true,
    'date-time': true,
  },
});
ajv.addSchema(description, 'discord');
const validators = new Map<string, ValidateFunction>();

function validatorOf(pointer: string): ValidateFunction {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `discord${pointer}` });
  validators.set(pointer, known);
  return known;
}

/** One step of a JSON pointer within a URI fragment (RFC 6901 §6). */
function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
