/** A fault of REST requests. Omitted conditions match every request. */
export interface RestFault {
  method?: string;
  /** A route's template, or a pattern for the path below `/api/v10`. */
  route?: string | RegExp;
  /** A pattern for the JSON body, like Discord's own filters of messages. */
  body?: RegExp;
  /** The HTTP status to answer with; needed unless the request is only delayed, dropped or left hanging. */
  status?: number;
  code?: number;
  message?: string;
  /** Seconds: makes a 429 complete. */
  retryAfter?: number;
  /** A different value for the `Retry-After` header, such as a date; null for no header. */
  retryAfterHeader?: string | null;
  /** Answers with a page of HTML and without Discord's headers and codes, like an edge in front of Discord. */
  page?: boolean;
  global?: boolean;
  /** How many requests are hit; default 1. */
  times?: number;
  /** Real milliseconds before the request is served. */
  delayMs?: number;
  /** Called when the request is hit, and awaited before it is served. */
  until?: () => Promise<unknown>;
  /** Cuts the connection instead of answering. */
  drop?: boolean;
  /** Never answers, and keeps the connection. */
  hang?: boolean;
  /** The request takes effect, and only its answer is lost. */
  afterApplying?: boolean;
}

export interface RestFaults {
  /** Arms a fault; the returned function disarms it. */
  add(fault: RestFault): () => void;
  /** Finds the fault for this request, and counts it as used. */
  take(request: FaultyRequest): RestFault | undefined;
}

interface FaultyRequest {
  readonly method: string;
  readonly template: string;
  readonly path: string;
  readonly body: unknown;
}

export function createRestFaults(): RestFaults {
  const armed = new Map<RestFault, number>();

  return {
    add(fault) {
      const rule = { ...fault };
      armed.set(rule, fault.times ?? 1);
      return () => armed.delete(rule);
    },
    take(request) {
      const hit = [...armed].find(([fault]) => fits(fault, request));
      if (!hit) return undefined;
      const [fault, left] = hit;
      if (left > 1) armed.set(fault, left - 1);
      else armed.delete(fault);
      return fault;
    },
  };
}

/** The body of an answer with this fault. */
export function faultBody(fault: RestFault): Record<string, unknown> {
  const { message = `${fault.status}: Sandbox fault`, code = 0, retryAfter, global = false } = fault;
  return { message, code, ...(retryAfter !== undefined && { retry_after: retryAfter, global }) };
}

function fits(fault: RestFault, request: FaultyRequest): boolean {
  if (fault.method !== undefined && fault.method !== request.method) return false;
  if (fault.body !== undefined && !fault.body.test(JSON.stringify(request.body) ?? '')) return false;
  if (fault.route === undefined) return true;
  return typeof fault.route === 'string' ? fault.route === request.template : fault.route.test(request.path);
}
