/**
 * The bounds of what one client or one upstream may make the proxy hold or do. What exceeds one is an error for that request alone.
 * SECURITY.md lists them, with what happens beyond.
 */
export const budgets = {
  /** Headers of a request. More are refused with 431; Node itself would leave out the last ones. */
  headers: 1000,
  /** Values in the JSON of one request, of one event of the upstream, or of one whole answer: members and elements. */
  values: 400_000,
  /** Different names of members in that JSON, after as many members whatever their names. */
  names: 10_000,
  /** How deep that JSON may be nested: far beyond any real one, and far below where writing it out again fails. */
  depth: 256,
  /** Bytes of the JSON of a chat request without the long texts, files and schemas that pass as they are: 32 MiB. The rest is parsed. */
  parsed: 33_554_432,
  /** Fields of a chat request. The API has about forty. */
  fields: 1000,
  /** Tools of a request. OpenAI takes 128. */
  tools: 2000,
  /** Tool calls of a conversation. */
  calls: 20_000,
  /** Stop sequences. OpenAI takes four. */
  stops: 16,
  /** Characters of a stop sequence. */
  stopLength: 256,
  /** Characters of a model's name, and of the name or id of a call. */
  nameLength: 4096,
  /** The share of the heap's limit that bodies in flight may take, and what they may take at most: 48 MiB. One more always may go on. */
  bodiesShare: 0.125,
  bodies: 50_331_648,
  /** Bytes of each body that do not count: 64 KiB, so that a few large ones do not keep the many small ones waiting. */
  bodyFree: 65_536,
  /** Milliseconds that a body waits for others to go on; then 503 with `retry-after`. */
  bodyWait: 5000,
  /** Milliseconds after which a body of which less than `bodyFree` has come since is dropped, where another one waits for its room; 408. */
  bodyStall: 2000,
  /** Bytes of an upload that are read each half second in which the upstream takes none: 4 MiB; and of how many uploads at once. */
  uploadAhead: 4_194_304,
  uploadsAhead: 3,
  /** Bytes of a whole answer of the upstream: 32 MiB, as an event that has it, and room for several images. */
  wholeAnswer: 33_554_432,
  /** Bytes of a whole streamed answer: 256 MiB; its text is kept until it ends. */
  streamedAnswer: 268_435_456,
  /** Output items of an answer. */
  items: 5000,
  /** Events of an answer that lead to nothing that the client gets at once: they may have to be kept. And bytes of them: 128 MiB. */
  quietEvents: 300_000,
  quietBytes: 134_217_728,
  /** Bytes of them that do not count among the bodies in flight: 1 MiB. */
  quietFree: 1_048_576,
  /** Bytes of an upstream's list of models: 8 MiB; models that are kept of one list, and of all lists together. */
  modelList: 8_388_608,
  models: 10_000,
  allModels: 100_000,
  /** Requests that wait on one connection for the answers before theirs. With more the connection is closed. */
  pipelined: 1000,
  /** Milliseconds without a byte, after which the rest of a request that was answered early is no longer waited for. */
  lingering: 2000,
  /** Bytes of an error answer that are read for its message: 1 MiB. */
  errorAnswer: 1_048_576,
  /** Notes of one request that the log names; the header and the terminal name fewer. Further ones are counted. */
  notes: 100,
} as const;
