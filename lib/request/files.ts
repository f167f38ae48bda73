/** How long the beginning of a URL or of base64 is that tells what it is, in characters: no whole image is looked through for it. */
const peek = 16;

/** Whether a text is a URL of any kind, not bare base64. */
export function hasScheme(text: string): boolean {
  return text.slice(0, peek).indexOf(':') > 0;
}

/** Whether a text is the id of a file at OpenAI: no base64 begins so. */
export function isFileId(text: string): boolean {
  return text.startsWith('file-');
}

/** Whether a text is a URL on the web. */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text.slice(0, peek));
}

const fileTypes: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['json', 'application/json'],
  ['html', 'text/html'],
  ['xml', 'text/xml'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]);

/** The media type of data that nothing is known of. */
const unknownType = 'application/octet-stream';

/** How base64 of a PDF begins. */
const pdf = 'JVBERi0';

/**
 * Returns the data of a file as a data URL, and its name, which the API demands: clients send bare base64, and leave the name out. What kind of
 * file it is, its name says, or the beginning of the data.
 */
export function fileData(data: string, filename: string): { filename: string; file_data: string } {
  const type = fileTypes.get(extensionOf(filename)) ?? (data.startsWith(pdf) ? fileTypes.get('pdf') : unknownType);
  const file_data = hasScheme(data) ? data : `data:${type};base64,${data}`;
  return { filename: filename || defaultName(file_data), file_data };
}

function extensionOf(filename: string): string {
  return filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
}

function defaultName(dataUrl: string): string {
  const type = dataUrl.slice('data:'.length, Math.max(0, dataUrl.slice(0, 200).search(/[;,]/)));
  for (const [extension, known] of fileTypes) if (known === type) return `file.${extension}`;
  return 'file';
}
