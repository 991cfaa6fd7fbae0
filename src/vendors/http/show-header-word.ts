/** Source: IANA, "HTTP Content Coding Registry", without those that are read. */
const encodings = 'aes128gcm|compress|x-compress|dcb|dcz|exi|pack200-gzip|zstd|gzip|br|deflate|identity';
const forms = {
  'content-type': /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}$/,
  'content-encoding': new RegExp(`^(${encodings})(, *(${encodings}))*$`),
};

/** What a header says, as a message shows it: as it stands where it has the form of one, since anything else may name a user. */
export function showHeaderWord(header: keyof typeof forms, text: string): string {
  return forms[header].test(text) ? text : 'unreadable';
}
