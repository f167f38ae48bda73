import { ProxyError, type ErrorDetails } from './error.ts';

type Row = readonly [status: number, code: string | null, sentence: string, more?: Pick<ErrorDetails, 'param' | 'headers'>];

/**
 * The proxy's own errors. A sentence says what is wrong and, if the reader can do something about it, what. `{name}` stands for a value;
 * `{param}` is also the error's `param`.
 */
export const errorTable = {
  // What never became a request
  invalidHttp: [400, null, 'The request is not valid HTTP.'],
  requestTimeout: [408, null, 'The request did not arrive in time.'],
  invalidChunks: [413, null, 'The request body is not valid HTTP.'],
  headTooLarge: [431, null, 'The head of the request is larger than 16 KiB.'],
  tunnelRefused: [405, null, 'This is not a forward proxy: use its address as the base URL.'],

  // The head of a request
  targetNotPath: [
    400,
    'invalid_request_target',
    'The request target must be a path. This is not a forward proxy: use its address as the base URL.',
  ],
  targetNotEscaped: [400, 'invalid_request_target', 'The request target has characters that must be escaped.'],
  dotSegments: [400, 'invalid_request_target', 'The path must not have dot segments or backslashes.'],
  invalidEscape: [400, 'invalid_request_target', 'The path has an invalid percent-escape.'],
  pathNotUtf8: [400, 'invalid_request_target', 'The path is not valid UTF-8.'],
  hostMissing: [400, 'missing_header', 'The request has no Host header.'],
  headerRepeated: [400, 'repeated_header', 'The request has more than one {header} header.'],
  tooManyHeaders: [431, 'too_many_headers', 'The request has more than {limit} headers.'],
  originNotAllowed: [403, 'origin_not_allowed', 'Pages of this origin may not call this proxy. --cors names the origins that may.'],
  crossSiteRefused: [403, 'origin_not_allowed', 'Pages of other sites may not call this proxy. --cors names the origins that may.'],
  hostNotAllowed: [
    403,
    'host_not_allowed',
    'A web page could take on this host name: call the proxy by an IP address, localhost or a name without a dot. --cors https://NAME permits another.',
  ],
  modelNotListed: [
    404,
    'model_not_found',
    'This model is not on the list of this port. A request may name it all the same.',
    { param: 'model' },
  ],
  anthropicPath: [
    404,
    'unknown_url',
    "This is a path of Anthropic's Messages API. This proxy speaks OpenAI's: choose a provider that uses Chat Completions.",
  ],
  unknownPath: [
    404,
    'unknown_url',
    "There is nothing at this path. This proxy speaks OpenAI's API: its base URL ends in /v1, as in http://127.0.0.1:5101/v1.",
  ],
  methodNotSupported: [405, 'method_not_supported', 'This method is not supported here.'],
  upgradeNotSupported: [426, 'upgrade_not_supported', 'This proxy does not speak WebSocket: send the request with POST.'],

  // The body of a request
  bodyTooLarge: [
    413,
    'request_too_large',
    'The request body is larger than {mebibytes} MiB, the limit of this proxy (--max-body).',
    { headers: { connection: 'close' } },
  ],
  bodyNotPassed: [
    413,
    'request_too_large',
    'The request body is larger than {mebibytes} MiB without its long texts, results of tools, files and schemas.',
  ],
  bodyNotJson: [400, 'invalid_json', 'The request body is not valid JSON in UTF-8.'],
  bodyNotObject: [400, 'invalid_json', 'The request body must be a JSON object.'],
  bodyTooManyNames: [400, 'invalid_json', 'The request body has more than {limit} different names of members.'],
  bodyTooManyValues: [400, 'invalid_json', 'The request body has more than {limit} values.'],
  bodiesWaited: [
    503,
    'proxy_busy',
    'The bodies of other requests take all the memory that this proxy gives them. Send the request again.',
    { headers: { 'retry-after': '1' } },
  ],
  bodyStalled: [
    408,
    'request_too_slow',
    'The request body came so slowly that others had to wait for its room. Send the request again.',
    { headers: { connection: 'close' } },
  ],
  bodyTooDeep: [400, 'invalid_json', 'The request body is nested deeper than {levels} levels.'],

  // A chat request
  // OpenAI's own text stands in front, since clients look for it
  modelMissing: [
    400,
    'missing_required_parameter',
    "you must provide a model parameter: 'model' is missing or not a string.",
    { param: 'model' },
  ],
  aliasInvalid: [400, 'invalid_value', 'The reasoning {what} in the model name must be one of: {levels}.', { param: 'model' }],
  messagesMissing: [400, 'missing_required_parameter', "'messages' must be a list of at least one message.", { param: 'messages' }],
  messagesInvalid: [400, 'invalid_type', "'messages' must be a list of at least one message.", { param: 'messages' }],
  messageNotObject: [400, 'invalid_type', "Invalid type for '{param}': expected an object."],
  roleInvalid: [400, 'invalid_value', "Invalid value for '{param}': supported are system, developer, user, assistant, tool and function."],
  tooManyFields: [400, 'invalid_value', 'The request has more than {limit} fields.'],
  listTooLong: [400, 'array_above_max_length', "'{param}' must not have more than {limit} {what}."],
  nameTooLong: [400, 'string_above_max_length', "'{param}' must not be longer than {limit} characters."],
  stopInvalid: [400, 'invalid_value', "'stop' must be at most {limit} sequences of at most {length} characters each.", { param: 'stop' }],
  backgroundRefused: [
    400,
    'unsupported_parameter',
    "'background' must not be true: a chat completion cannot be answered later.",
    { param: 'background' },
  ],
  choicesRefused: [
    400,
    'unsupported_parameter',
    "'n' must be 1: this model or its tools require /v1/responses, which returns a single choice.",
    { param: 'n' },
  ],
  audioRefused: [
    400,
    'unsupported_parameter',
    "'{param}' must be left out: this model or its tools require /v1/responses, which has no audio.",
  ],

  // The file of models, for the operator
  modelsNotJson: [400, null, 'not valid JSON'],
  modelsNotList: [400, null, 'neither an array nor an object with an array `data`'],
  modelWithoutId: [400, null, 'models[{at}] has no id'],
  modelModeInvalid: [400, null, 'models[{at}].mode must be one of: chat, responses, both'],

  // No answer of the upstream
  upstreamRefused: [502, 'upstream_unreachable', 'The upstream {host} refused the connection{reason}.'],
  upstreamUnknown: [502, 'upstream_unreachable', 'The upstream {host} has a name that cannot be resolved{reason}.'],
  upstreamUnresolved: [502, 'upstream_unreachable', 'The upstream {host} has a name that cannot be resolved now{reason}.'],
  upstreamUnreachable: [502, 'upstream_unreachable', 'The upstream {host} cannot be reached over the network{reason}.'],
  upstreamNotAsked: [502, 'upstream_unreachable', 'The upstream {host} could not be asked{reason}.'],
  upstreamTls: [502, 'upstream_tls', 'The upstream {host} has no valid certificate, or does not speak TLS{reason}.'],
  upstreamReset: [502, 'upstream_reset', 'The upstream {host} closed the connection before its answer was complete{reason}.'],
  upstreamNotHttp: [502, 'upstream_invalid_answer', 'The upstream {host} sent an answer that is not HTTP{reason}.'],
  upstreamCompression: [502, 'upstream_invalid_answer', 'The upstream {host} sent a compressed body that cannot be read{reason}.'],
  upstreamConnectTimeout: [504, 'upstream_timeout', 'The upstream {host} did not accept a connection in time{reason}.'],
  upstreamTimeout: [504, 'upstream_timeout', 'The upstream {host} did not answer in time{reason}.'],

  // An answer of the upstream that cannot be used
  answerEncoding: [502, 'upstream_invalid_answer', 'The upstream {host} answered with a content encoding that was not asked for.'],
  answerStatus: [502, 'upstream_invalid_answer', 'The upstream {host} answered with an invalid status.'],
  answerTooLarge: [502, 'upstream_invalid_answer', 'The answer of the upstream {host} is too large.'],
  answerUnexpected: [502, null, 'The upstream answered with status {status}.'],
  wholeTooLarge: [502, 'upstream_invalid_answer', "The upstream's answer is too large."],
  answerNotJson: [502, 'upstream_invalid_answer', "The upstream's answer is not a Response object: it is not valid JSON."],
  answerEmpty: [502, 'upstream_invalid_answer', 'The upstream sent an empty answer: without text, reasoning or calls.'],
  answerOnlyWords: [502, 'upstream_invalid_answer', 'The upstream sent no answer. It said: "{said}".'],
  answerNotResponse: [502, 'upstream_invalid_answer', "The upstream's answer is not a Response object."],
  answerUnfinished: [502, 'upstream_invalid_answer', "The upstream's answer is not finished: its status is {status}."],
  answerTooManyItems: [502, 'upstream_invalid_answer', 'The answer of the upstream has more than {limit} output items.'],
  answerTooQuiet: [502, 'upstream_invalid_answer', 'The upstream sent too many events of which the client gets nothing yet.'],
  answerTooManyValues: [
    502,
    'upstream_invalid_answer',
    'The upstream sent JSON with more than {limit} values, with too many different names, or nested too deep.',
  ],
  answerUnreadable: [502, 'upstream_invalid_answer', 'The upstream sent an answer that cannot be read.'],
  eventTooLarge: [502, 'upstream_invalid_answer', 'The upstream sent an event that is too large.'],
  streamEndedEarly: [502, 'stream_ended_early', 'The upstream ended its stream before the answer was complete.'],

  // The inspector
  inspectorForeign: [403, 'inspector_foreign', 'The inspector answers its own page only: open it by its address.'],
  inspectorToken: [403, 'inspector_token', 'The address of the inspector has a token: the proxy prints it when it starts.'],
  inspectorBusy: [503, 'inspector_busy', 'The inspector is open too many times: close a page.', { headers: { 'retry-after': '10' } }],

  // The proxy itself
  proxyLoop: [508, 'proxy_loop', 'The upstream of this proxy leads back to the proxy itself.'],
  proxyShutdown: [503, 'proxy_shutdown', 'The proxy is shutting down.', { headers: { connection: 'close' } }],
  proxyFailed: [500, 'proxy_error', 'The proxy failed. Its terminal says where.'],
} as const;

export type ErrorName = keyof typeof errorTable;

type Placeholder<Sentence> = Sentence extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
type Values<Name extends ErrorName> = { [Key in Placeholder<(typeof errorTable)[Name][2]>]: string | number };
type Details = Pick<ErrorDetails, 'headers' | 'cause'>;

/**
 * Returns one of the proxy's own errors.
 *
 * @param given The values of the sentence's placeholders; then headers to go with the answer, or the exception behind it.
 */
export function proxyError<Name extends ErrorName>(
  name: Name,
  ...given: keyof Values<Name> extends never ? [values?: Values<Name>, details?: Details] : [values: Values<Name>, details?: Details]
): ProxyError {
  const [status, code, sentence, more]: Row = errorTable[name];
  const values = new Map(Object.entries(given[0] ?? {}));
  const message = sentence.replace(/\{(\w+)\}/g, (_, key: string) => String(values.get(key)));
  const param = values.get('param');
  return new ProxyError(status, message, { code, ...(param !== undefined && { param: String(param) }), ...more, ...given[1] });
}
