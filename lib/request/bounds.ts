import { budgets } from '../budgets.ts';
import type { ProxyError } from '../error.ts';
import { proxyError } from '../errors.ts';
import { arrayOf, isObject, objectOf, type JsonObject } from '../json.ts';

/**
 * Throws a ProxyError 400 for a chat request that has more of something than anything real has: what takes a microsecond each would hold up
 * the other requests.
 */
export function assertWithinBudgets(chat: JsonObject): void {
  if (Object.keys(chat).length > budgets.fields) throw proxyError('tooManyFields', { limit: budgets.fields });
  for (const param of ['tools', 'functions']) {
    if (arrayOf(chat[param]).length > budgets.tools) throw proxyError('listTooLong', { param, limit: budgets.tools, what: 'entries' });
  }
  if (isLong(chat['model'])) throw tooLong('model');
  assertStops(chat['stop']);
  let calls = 0;
  for (const [at, message] of arrayOf(chat['messages']).entries()) {
    if (!isObject(message)) continue;
    for (const name of ['name', 'tool_call_id', 'call_id']) if (isLong(message[name])) throw tooLong(`messages[${at}].${name}`);
    const made = arrayOf(message['tool_calls']);
    calls += made.length;
    if (calls > budgets.calls) throw proxyError('listTooLong', { param: 'messages', limit: budgets.calls, what: 'tool calls' });
    for (const [index, one] of made.entries()) {
      const { id, name, function: called } = objectOf(one);
      if (isLong(id)) throw tooLong(`messages[${at}].tool_calls[${index}].id`);
      if (isLong(objectOf(called)['name'] ?? name)) throw tooLong(`messages[${at}].tool_calls[${index}].function.name`);
    }
  }
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > budgets.nameLength;
}

function tooLong(param: string): ProxyError {
  return proxyError('nameTooLong', { param, limit: budgets.nameLength });
}

function assertStops(stop: unknown): void {
  const all: readonly unknown[] = Array.isArray(stop) ? (stop as unknown[]) : [stop];
  if (all.length <= budgets.stops && all.every((one) => typeof one !== 'string' || one.length <= budgets.stopLength)) return;
  throw proxyError('stopInvalid', { limit: budgets.stops, length: budgets.stopLength });
}
