/** The types of output items and events that servers send though the official `openai` package does not have them. */
export type UnpublishedItem = never;
export type UnpublishedEvent =
  | 'keepalive'
  | 'response.apply_patch_call_operation_diff.delta'
  | 'response.apply_patch_call_operation_diff.done';
