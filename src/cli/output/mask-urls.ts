/** The last line of defence for passwords: errors quote what was typed, and a URL may have been typed anywhere. */

/** A path made of a URL has one slash where the URL had two. */
const credentials = /(\b[a-z][a-z0-9+.-]*:\/{1,2}[^\s:@/"']*):[^\s"']+@/gi;

/** @returns the text with `***` in place of the password of every URL in it. */
export function maskUrls(text: string): string {
  return text.replace(credentials, '$1:***@');
}
