import type { Addition } from './addition.ts';

const value = 'reasoning.encrypted_content';

export const encryptedContent: Addition = {
  name: 'encrypted_content',
  field: 'include',
  isShown: false,

  choose({ request, traits, settings }) {
    return settings.encryptedContent && traits.encryptedReasoning && !request.include?.includes(value) ? { value } : undefined;
  },

  apply: (request) => ({ ...request, include: [...(request.include ?? []), value] }),
  valueIn: ({ include }) => include?.find((one) => one === value),
  isNamed: (param, { include = [] }) =>
    param === `include[${include.indexOf(value)}]` || (include.length === 1 && /^include(?:\.|$)/.test(param)),
  refusal: /^Encrypted content is not supported|^Invalid value: 'reasoning\.encrypted_content'/,
};
