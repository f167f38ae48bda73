/** OpenAI's error object; all four keys are always there (published schema `Error`). */
export interface ErrorBody {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
  /** What OpenAI says of a `misalignment_policy_violation`. */
  misalignment?: object | undefined;
}

/** The details of an error beside its status and message. */
export interface ErrorDetails {
  /** `server_error` for a status from 500 on, else `invalid_request_error`, if not given. */
  type?: string;
  /** The field of the client's request that is at fault. */
  param?: string | null;
  /** The name by which a program recognises the error. */
  code?: string | null;
  /** What OpenAI says of a `misalignment_policy_violation`, passed on as it is. */
  misalignment?: object | undefined;
  /** Headers that go with the answer: `retry-after`, `allow`, … */
  headers?: Record<string, string>;
  /** The exception behind it, for the operator. */
  cause?: unknown;
}

/**
 * The one error that the library throws on purpose: an HTTP status and what a client may read of it.
 * `message` never quotes a request body or a credential.
 */
export class ProxyError extends Error {
  override readonly name: string = 'ProxyError';
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly misalignment: object | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.status = status;
    this.type = details.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.misalignment = details.misalignment;
    this.headers = details.headers ?? {};
  }

  /** What goes over the wire: `{"error": {message, type, param, code}}`. */
  body(): { error: ErrorBody } {
    const { message, type, param, code, misalignment } = this;
    return { error: { message, type, param, code, ...(misalignment && { misalignment }) } };
  }
}

/** The upstream refused a request as invalid: it has done nothing for it, so that it may be asked again in another way. */
export class UpstreamRefusal extends ProxyError {
  override readonly name: string = 'UpstreamRefusal';
}
