import { brief, joinBrief, longestBrief } from '../../request/brief.ts';
import { shortNames, type CutBody } from '../http/cut-data.ts';

/** In characters. A text that has a short name in it is not longer. */
const longestNamed = 512;

/** Returns `brief` for the texts of a request in which short names stand for what was cut out: it reads that, as far as it needs it. */
export function briefOf(paste: CutBody['paste']): typeof brief {
  return (text) => {
    if (text.length > longestNamed || !shortNames.test(text)) return brief(text);
    const pieces = paste(Buffer.from(JSON.stringify(text)));
    const ends = pieces.flatMap((piece) =>
      piece.length <= 2 * longestBrief ? piece : [piece.subarray(0, longestBrief), piece.subarray(-longestBrief)],
    );
    const json = Buffer.concat(ends);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length === json.length) return brief(JSON.parse(json.toString('utf8')) as string);
    return joinBrief(json.toString('utf8', 1), json.toString('utf8', 0, json.length - 1), length - 2);
  };
}
