// A request that brings ten turns back: its body, and the answers that it goes on from.

export const keptTurns = 10;

const model = 'gpt-5.6-sol';
const sentence = 'The light of the sun reaches the ground by many ways, and each of them takes away a little of it. ';

/** What the model answers in a turn: about as much as in an ordinary chat. */
function answerOf(turn: number): string {
  return `Answer ${turn}. ${sentence.repeat(10)}`;
}

/** The body of the request before a turn. */
export function turnsBody(turn: number): string {
  const messages: object[] = [{ role: 'system', content: 'You are a helpful assistant.' }];
  for (let n = 0; n < turn; n += 1) messages.push({ role: 'user', content: `Question ${n}` }, { role: 'assistant', content: answerOf(n) });
  return JSON.stringify({ model, messages: [...messages, { role: 'user', content: `Question ${turn}` }] });
}

/** The output of a turn, with as much encrypted reasoning as there is for a short thought. */
export function turnOutput(turn: number): object[] {
  const content = [{ type: 'output_text', annotations: [], logprobs: [], text: answerOf(turn) }];
  return [
    { id: `rs_${turn}`, type: 'reasoning', summary: [], encrypted_content: `gAAAA${String(turn).padStart(4, '0').repeat(750)}` },
    { id: `msg_${turn}`, type: 'message', status: 'completed', role: 'assistant', phase: 'final_answer', content },
  ];
}
