/** What can stand as `dispatcher` in a request to Node's own `fetch`: undici's name for what sends a request and reads its answer. */
export interface Dispatcher {
  dispatch(request: UndiciRequest, handler: unknown): unknown;
}

/** The fields that are read or changed here of a request that `fetch` hands to its dispatcher. */
export interface UndiciRequest {
  headers: object;
  body: unknown;
}
