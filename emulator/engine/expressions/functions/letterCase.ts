/** In capitals as .NET writes them: letter for letter, so that `ß` stays as it is and no position moves. */
export function raised(text: string): string {
  return letterByLetter(text, (part) => part.toUpperCase());
}

/** In small letters as .NET writes them: letter for letter. */
export function lowered(text: string): string {
  return letterByLetter(text, (part) => part.toLowerCase());
}

function letterByLetter(text: string, convert: (part: string) => string): string {
  if (/^[\0-\x7f]*$/.test(text)) return convert(text);
  return Array.from(text, (letter) => {
    const converted = convert(letter);
    // .NET leaves the dotless i, which only Turkish has
    return converted.length === letter.length && letter !== "ı" ? converted : letter;
  }).join("");
}
