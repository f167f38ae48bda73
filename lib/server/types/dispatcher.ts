/** What can stand as `dispatcher` in a request to Node's own `fetch`: undici's name for what sends a request and reads its answer. */
export interface Dispatcher {
  dispatch(request: UndiciRequest, handler: unknown): unknown;
}

/** A request as `fetch` hands it to its dispatcher, as far as it is touched here. */
export interface UndiciRequest {
  headers: object;
  body: unknown;
}
