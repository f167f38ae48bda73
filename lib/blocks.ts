/** How reasoning is set apart inside content. Lines of their own, so that the block can be taken out again exactly. */
export interface Block {
  open: string;
  close: string;
  /** Stands before every line of the reasoning. */
  prefix: string;
}

/** The request side takes out what the answer side wrote, so both read this. */
export const blocks: { readonly quote: Block; readonly think: Block } = {
  quote: { open: '> **Thinking**', close: '> ———', prefix: '> ' },
  think: { open: '<think>', close: '</think>', prefix: '' },
};
