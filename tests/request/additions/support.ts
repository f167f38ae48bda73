import type { AdditionSettings, Candidate, ResponsesRequest } from '../../../lib/index.ts';
import { traitsOf } from '../../../lib/index.ts';

/** A Responses request of one user message. */
export function request(more: Partial<ResponsesRequest> = {}): ResponsesRequest {
  return { model: 'gpt-5', input: [{ role: 'user', content: 'Hi' }], store: false, ...more };
}

const settings: AdditionSettings = { effort: 'medium', summary: 'auto', webSearch: true, encryptedContent: true };

interface Given {
  request?: Partial<ResponsesRequest>;
  chat?: object;
  settings?: Partial<AdditionSettings>;
}

/** What an addition is chosen for. */
export function candidate(model: string, given: Given = {}): Candidate {
  return {
    request: request({ model, ...given.request }),
    chat: { model, messages: [{ role: 'user', content: 'Hi' }], ...given.chat },
    traits: traitsOf(model),
    settings: { ...settings, ...given.settings },
    brief: (text) => text,
  };
}
