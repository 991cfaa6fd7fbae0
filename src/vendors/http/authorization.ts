/** The `Authorization` header for a user name and a password. Source: RFC 7617. */
export function basicAuthorization(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
}

/** The `Authorization` header for a token. Source: RFC 6750 §2.1. */
export function bearerAuthorization(token: string): string {
  return `Bearer ${token}`;
}
