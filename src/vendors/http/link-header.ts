/**
 * The targets of a `Link` header by relation, in lower case; the first one wins where a relation stands twice.
 *
 * Source: RFC 8288 §3: `<target>; rel="next last"; title="…", <target>; rel=prev`.
 */
export function readLinks(header: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const part of header.split('<').slice(1)) {
    const [target = '', attributes = ''] = part.split(/>(.*)/s);
    // Another attribute's quoted text may hold anything, also what looks like a relation.
    const plain = attributes.replace(/(\w+)\s*=\s*"[^"]*"/g, (pair, name) => (/^rel$/i.test(name) ? pair : ''));
    const [, quoted, bare] = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(plain) ?? [];
    for (const relation of (quoted ?? bare ?? '').toLowerCase().split(/\s+/))
      if (relation !== '' && !targets.has(relation)) targets.set(relation, target.trim());
  }
  return targets;
}
