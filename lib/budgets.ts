/**
 * The bounds of what one client or one upstream may make the proxy hold or do. What exceeds one is an error for that request alone.
 * SECURITY.md lists them, with what happens beyond.
 */
export const budgets = {
  /** Headers of a request. More are refused with 431; Node itself would leave out the last ones. */
  headers: 1000,
  /** Requests that wait on one connection for the answers before theirs. With more the connection is closed. */
  pipelined: 1000,
  /** Milliseconds without a byte, after which the rest of a request that was answered early is no longer waited for. */
  lingering: 2000,
  /** Bytes of an error answer that are read for its message: 1 MiB. */
  errorAnswer: 1_048_576,
  /** Notes of one request that the log names; the header and the terminal name fewer. Further ones are counted. */
  notes: 100,
} as const;
