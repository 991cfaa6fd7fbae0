const reasons: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file: a part of its path is not a folder',
  EISDIR: 'it is a folder, expected a file',
  EACCES: 'this user has no permission to read it',
  EPERM: 'this user has no permission to read it',
};

/** Why a file could not be read, from what the file system threw. */
export function explainFileFailure(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
  return reasons[code] ?? `the system answers ${code}`;
}
